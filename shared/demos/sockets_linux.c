/* IP_MTU is Linux's (ip(7)). */
#define _GNU_SOURCE

#include "demos/sockets.h"

#include <sys/socket.h>

int demo_path_mtu(int fd)
{
	int mtu = 0;
	socklen_t length = sizeof(mtu);
	return getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &length) == -1 ? 0 : mtu;
}
