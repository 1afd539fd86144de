/* TCP_CONGESTION is Linux's and FreeBSD's (tcp(7)). */
#define _GNU_SOURCE

#include "net/ip.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

int ip_congestion(int fd, const char *name, struct error *error)
{
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name)) == 0)
		return 0;
	if (errno == ENOENT)
		return error_set(error, STATUS_USAGE,
				 "--congestion %s: this system has no such congestion control",
				 name);
	return error_system(error, errno == EPERM ? STATUS_NOT_PERMITTED : STATUS_SYSTEM, errno,
			    "--congestion %s", name);
}
