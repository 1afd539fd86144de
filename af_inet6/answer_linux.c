/*
 * RFC 3542's IPV6_RECVPKTINFO and IPV6_RECVHOPLIMIT; ip(7)'s for IPv4 peers of a socket for both.
 */
#define _GNU_SOURCE

#include "af_inet6/answer.h"
#include "net/endpoint.h"
#include "net/ip.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

static int ask(int fd, int level, int option, const char *name, struct error *error)
{
	int on = 1;
	if (setsockopt(fd, level, option, &on, sizeof(on)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "%s", name);
	return 0;
}

int af_inet6_ask(int fd, const struct endpoint *endpoint, struct error *error)
{
	const struct sockaddr_in6 *bound = (const struct sockaddr_in6 *)&endpoint->address;
	if (ask(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, "IPV6_RECVHOPLIMIT", error) == -1)
		return -1;
	if (!IN6_IS_ADDR_UNSPECIFIED(&bound->sin6_addr))
		return 0;
	if (ask(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, "IPV6_RECVPKTINFO", error) == -1)
		return -1;
	/* an IPv4 peer's hops come by IPv4's own message, and only if that was asked for */
	return ask(fd, IPPROTO_IP, IP_RECVTTL, "IP_RECVTTL", error);
}

const char *af_inet6_answer(struct msghdr *message, const struct answer_rules *rules, int *hold)
{
	const struct sockaddr_in6 *peer = message->msg_name;
	bool mapped = IN6_IS_ADDR_V4MAPPED(&peer->sin6_addr);
	struct in6_pktinfo asked = { 0 };
	bool any = false;
	int hops = HOPS_UNKNOWN;

	(void)hold;
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each;
	     each = CMSG_NXTHDR(message, each)) {
		if ((each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_HOPLIMIT) ||
		    (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_TTL)) {
			memcpy(&hops, CMSG_DATA(each), sizeof(hops));
		} else if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_PKTINFO) {
			memcpy(&asked, CMSG_DATA(each), sizeof(asked));
			any = true;
		}
	}
	const char *refusal = ip_refuse_port(peer->sin6_port, rules);
	if (!refusal)
		refusal = ip_refuse_hops(&hops);
	if (refusal)
		return refusal;

	message->msg_controllen = 0;
	if (hops != HOPS_UNKNOWN) {
		hops--;
		ip_put_control(message, mapped ? IPPROTO_IP : IPPROTO_IPV6,
			       mapped ? IP_TTL : IPV6_HOPLIMIT, &hops, sizeof(hops));
	}
	if (any) {
		/* a multicast group is no source: then the kernel chooses one of the interface asked */
		if (IN6_IS_ADDR_MULTICAST(&asked.ipi6_addr))
			asked.ipi6_addr = in6addr_any;
		/* only a link-local way back is tied to the interface */
		else if (!IN6_IS_ADDR_LINKLOCAL(&asked.ipi6_addr))
			asked.ipi6_ifindex = 0;
		ip_put_control(message, IPPROTO_IPV6, IPV6_PKTINFO, &asked, sizeof(asked));
	}
	return NULL;
}

void af_inet6_ask_all(int fd)
{
	int on = 1;
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on)); /* of IPv4 peers */
}

static void tell_one(const struct cmsghdr *each, const unsigned char *data,
		     const struct endpoint *bound, struct told *told)
{
	bool inet6 = each->cmsg_level == IPPROTO_IPV6, inet = each->cmsg_level == IPPROTO_IP;
	int number;
	if ((inet6 && each->cmsg_type == IPV6_HOPLIMIT) || (inet && each->cmsg_type == IP_TTL)) {
		memcpy(&told->ttl, data, sizeof(told->ttl));
	} else if (inet6 && each->cmsg_type == IPV6_TCLASS) {
		memcpy(&number, data, sizeof(number));
		ip_tell_service(told, (unsigned)number);
	} else if (inet && each->cmsg_type == IP_TOS) {
		ip_tell_service(told, *data);
	} else if (inet6 && each->cmsg_type == IPV6_PKTINFO) {
		struct sockaddr_in6 *local = (struct sockaddr_in6 *)&told->local;
		struct in6_pktinfo asked;
		memcpy(&asked, data, sizeof(asked));
		*local = *(const struct sockaddr_in6 *)&bound->address;
		local->sin6_addr = asked.ipi6_addr;
		if (IN6_IS_ADDR_LINKLOCAL(&asked.ipi6_addr))
			local->sin6_scope_id = asked.ipi6_ifindex;
		told->local_length = sizeof(*local);
	}
}

void af_inet6_tell(struct msghdr *message, const struct endpoint *bound, struct told *told)
{
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each; each = CMSG_NXTHDR(message, each))
		tell_one(each, CMSG_DATA(each), bound, told);
}
