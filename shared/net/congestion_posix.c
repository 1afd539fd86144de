#include "net/ip.h"

int ip_congestion(int fd, const char *name, struct error *error)
{
	(void)fd;
	return error_set(error, STATUS_USAGE,
			 "--congestion %s: POSIX does not let a program choose it", name);
}
