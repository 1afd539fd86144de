#include "af_inet6/mark.h"
#include "net/ip.h"

#include <netinet/in.h>

int af_inet6_mark(int fd, int dscp, int hops, struct error *error)
{
	if (dscp >= 0)
		return error_set(error, STATUS_USAGE,
				 "--dscp: POSIX does not let a program choose it");
	return hops > 0 ? ip_set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops, "--ttl", error) : 0;
}
