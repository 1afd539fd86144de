/* IP_PKTINFO and IP_RECVTTL are Linux's (ip(7)); other systems have the like by other names. */
#define _GNU_SOURCE

#include "af_inet/answer.h"
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
	int hops = 0;

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
		refusal = ip_refuse_hops(hops);
	if (refusal)
		return refusal;

	/*
	 * the room that was received into holds the reply's control messages, which are no longer
	 */
	memset(message->msg_control, 0, ANSWER_CONTROL);
	message->msg_controllen = CMSG_SPACE(sizeof(hops)) + (any ? CMSG_SPACE(sizeof(asked)) : 0);
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	hops--;
	*header = (struct cmsghdr){ .cmsg_level = IPPROTO_IP,
				    .cmsg_type = IP_TTL,
				    .cmsg_len = CMSG_LEN(sizeof(hops)) };
	memcpy(CMSG_DATA(header), &hops, sizeof(hops));
	if (any) {
		/*
		 * ipi_spec_dst is the local address asked; the way back is the routing table's to
		 * choose
		 */
		asked.ipi_ifindex = 0;
		header = CMSG_NXTHDR(message, header);
		*header = (struct cmsghdr){ .cmsg_level = IPPROTO_IP,
					    .cmsg_type = IP_PKTINFO,
					    .cmsg_len = CMSG_LEN(sizeof(asked)) };
		memcpy(CMSG_DATA(header), &asked, sizeof(asked));
	}
	return NULL;
}
