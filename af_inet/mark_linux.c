/* IP_TOS and IP_TTL are not in POSIX (ip(7)). */
#define _GNU_SOURCE

#include "af_inet/mark.h"
#include "net/ip.h"

#include <netinet/in.h>

int af_inet_mark(int fd, int dscp, int hops, struct error *error)
{
	/* below the six bits are two of ECN, which TCP keeps for itself */
	if (dscp >= 0 && ip_set(fd, IPPROTO_IP, IP_TOS, dscp << 2, "--dscp", error) == -1)
		return -1;
	return hops > 0 ? ip_set(fd, IPPROTO_IP, IP_TTL, hops, "--ttl", error) : 0;
}
