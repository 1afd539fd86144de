/* IP_PKTINFO and IP_RECVTTL are Linux's (ip(7)); other systems have the like by other names. */
#define _GNU_SOURCE

#include "af_inet/answer.h"
#include "net/endpoint.h"
#include "net/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

int af_inet_ask(int fd, const struct endpoint *endpoint, struct error *error)
{
	const struct sockaddr_in *bound = (const struct sockaddr_in *)&endpoint->address;
	int on = 1;
	if (setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "IP_RECVTTL");
	if (bound->sin_addr.s_addr == htonl(INADDR_ANY) &&
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "IP_PKTINFO");
	return 0;
}

const char *af_inet_answer(struct msghdr *message, const struct answer_rules *rules, int *hold)
{
	const struct sockaddr_in *peer = message->msg_name;
	struct in_pktinfo asked = { 0 };
	bool any = false;
	int hops = HOPS_UNKNOWN;

	(void)hold;
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each;
	     each = CMSG_NXTHDR(message, each)) {
		if (each->cmsg_level != IPPROTO_IP)
			continue;
		if (each->cmsg_type == IP_TTL) {
			memcpy(&hops, CMSG_DATA(each), sizeof(hops));
		} else if (each->cmsg_type == IP_PKTINFO) {
			memcpy(&asked, CMSG_DATA(each), sizeof(asked));
			any = true;
		}
	}
	const char *refusal = ip_refuse_port(peer->sin_port, rules);
	if (!refusal)
		refusal = ip_refuse_hops(&hops);
	if (refusal)
		return refusal;

	/*
	 * the room that was received into holds the reply's control messages, which are no longer
	 */
	message->msg_controllen = 0;
	if (hops != HOPS_UNKNOWN) {
		hops--;
		ip_put_control(message, IPPROTO_IP, IP_TTL, &hops, sizeof(hops));
	}
	if (any) {
		/* ipi_spec_dst is the local address asked; the way back is for routing to choose */
		asked.ipi_ifindex = 0;
		ip_put_control(message, IPPROTO_IP, IP_PKTINFO, &asked, sizeof(asked));
	}
	return NULL;
}

void af_inet_ask_all(int fd)
{
	int on = 1;
	setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on));
}

void af_inet_tell(struct msghdr *message, const struct endpoint *bound, struct told *told)
{
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each;
	     each = CMSG_NXTHDR(message, each)) {
		if (each->cmsg_level != IPPROTO_IP)
			continue;
		if (each->cmsg_type == IP_TTL) {
			memcpy(&told->ttl, CMSG_DATA(each), sizeof(told->ttl));
		} else if (each->cmsg_type == IP_TOS) {
			ip_tell_service(told, *CMSG_DATA(each));
		} else if (each->cmsg_type == IP_PKTINFO) {
			struct sockaddr_in *local = (struct sockaddr_in *)&told->local;
			struct in_pktinfo asked;
			memcpy(&asked, CMSG_DATA(each), sizeof(asked));
			*local = *(const struct sockaddr_in *)&bound->address;
			local->sin_addr = asked.ipi_addr;
			told->local_length = sizeof(*local);
		}
	}
}
