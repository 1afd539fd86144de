#include "net/route.h"

int route_device(int fd, const char *interface, struct error *error)
{
	(void)fd;
	return error_set(error, STATUS_USAGE,
			 "--interface %s: POSIX does not let a program choose it", interface);
}
