/* IPV6_MULTICAST_ALL is Linux's (since 4.20). */
#define _GNU_SOURCE

#include "af_inet6/demos/members_only.h"

#include <netinet/in.h>
#include <sys/socket.h>

#ifndef IPV6_MULTICAST_ALL /* musl's headers lack it */
#define IPV6_MULTICAST_ALL 29
#endif

bool demo_members_only(int fd)
{
	int off = 0;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, &off, sizeof(off)) == 0;
}
