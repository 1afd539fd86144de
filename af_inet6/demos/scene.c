#include "af_inet6/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

bool demo_inet6_here(struct narrator *narrator)
{
	struct sockaddr_in6 loopback = demo_inet6_address("::1", 0);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (fd == -1) {
		demo_skip(narrator, "no IPv6 on this machine: socket(): %s", demo_errno(errno));
		return false;
	}
	/* it can be bound and not be reached where the interface is down; this sends nothing */
	socklen_t length = sizeof(loopback);
	bool here = bind(fd, (struct sockaddr *)&loopback, length) == 0 &&
		    getsockname(fd, (struct sockaddr *)&loopback, &length) == 0 &&
		    connect(fd, (struct sockaddr *)&loopback, length) == 0;
	if (!here)
		demo_skip(narrator, "no ::1 on this machine: %s", demo_errno(errno));
	close(fd);
	return here;
}

struct sockaddr_in6 demo_inet6_address(const char *literal, uint16_t port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	inet_pton(AF_INET6, literal, &address.sin6_addr);
	return address;
}

void demo_inet6_limit(int fd)
{
	struct timeval second = { .tv_sec = 1 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
}

int demo_inet6_bound(struct narrator *narrator, int type, struct sockaddr_in6 *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET6, type, 0);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	demo_inet6_limit(fd);
	if (demo_must(narrator, bind(fd, (struct sockaddr *)address, length), "bind") &&
	    demo_must(narrator, getsockname(fd, (struct sockaddr *)address, &length),
		      "getsockname"))
		return fd;
	close(fd);
	return -1;
}

const char *demo_inet6_text(const struct sockaddr_in6 *address)
{
	static _Thread_local char texts[2][INET6_ADDRSTRLEN + 32];
	static _Thread_local unsigned turn;
	char host[INET6_ADDRSTRLEN], zone[16] = "";
	char *text = texts[turn++ % 2];
	inet_ntop(AF_INET6, &address->sin6_addr, host, sizeof(host));
	if (address->sin6_scope_id != 0)
		snprintf(zone, sizeof(zone), "%%%u", (unsigned)address->sin6_scope_id);
	snprintf(text, sizeof(texts[0]), "[%s%s]:%u", host, zone, ntohs(address->sin6_port));
	return text;
}
