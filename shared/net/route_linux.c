/* SO_BINDTODEVICE is Linux's (socket(7)). */
#define _GNU_SOURCE

#include "net/route.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

int route_device(int fd, const char *interface, struct error *error)
{
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) ==
	    0)
		return 0;
	if (errno == ENODEV || errno == EINVAL)
		return error_set(error, STATUS_NOBODY, "--interface %s: no such interface here",
				 interface);
	return error_system(error, errno == EPERM ? STATUS_NOT_PERMITTED : STATUS_SYSTEM, errno,
			    "--interface %s", interface);
}
