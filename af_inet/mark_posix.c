#include "af_inet/mark.h"

int af_inet_mark(int fd, int dscp, int hops, struct error *error)
{
	(void)fd;
	if (dscp < 0 && hops < 0)
		return 0;
	return error_set(error, STATUS_USAGE, "%s: POSIX does not let a program choose it for IPv4",
			 dscp < 0 ? "--ttl" : "--dscp");
}
