/* IPV6_TCLASS is RFC 3542's, not POSIX's (ipv6(7)). */
#define _GNU_SOURCE

#include "af_inet6/mark.h"
#include "net/ip.h"

#include <netinet/in.h>

int af_inet6_mark(int fd, int dscp, int hops, struct error *error)
{
	if (dscp >= 0 && ip_set(fd, IPPROTO_IPV6, IPV6_TCLASS, dscp << 2, "--dscp", error) == -1)
		return -1;
	return hops > 0 ? ip_set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops, "--ttl", error) : 0;
}
