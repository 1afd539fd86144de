/* IP_MTU is Linux's (ip(7)). */
#define _GNU_SOURCE

#include "af_inet/demos/path_mtu.h"

#include <netinet/in.h>
#include <sys/socket.h>

int demo_path_mtu(int fd)
{
	int mtu = 0;
	socklen_t length = sizeof(mtu);
	return getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &length) == -1 ? 0 : mtu;
}
