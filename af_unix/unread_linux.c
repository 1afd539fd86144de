/* ioctl(TIOCOUTQ) on a unix socket, by the name that needs none of the kernel's headers (unix(7): SIOCOUTQ). */
#define _GNU_SOURCE

#include "net/endpoint.h"
#include "af_unix/unread.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

int unread_measure(int fd, size_t *taken, size_t *room)
{
	int queued, buffer;
	socklen_t length = sizeof(buffer);
	if (ioctl(fd, TIOCOUTQ, &queued) == -1 ||
	    getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, &length) == -1)
		return -1;
	*taken = queued > 0 ? (size_t)queued : 0;
	*room = (size_t)buffer;
	return 0;
}
