/* RFC 3542's IPV6_RECVHOPLIMIT is not in POSIX. */
#define _GNU_SOURCE

#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* The hop limit that the next datagram came with, as its control message says; -1 without one. */
static int receive(int fd)
{
	char byte;
	_Alignas(struct cmsghdr) char control[64];
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int hops = -1;
	if (!demo_readable(fd) || recvmsg(fd, &message, 0) == -1)
		return -1;
	for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each;
	     each = CMSG_NXTHDR(&message, each))
		if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_HOPLIMIT)
			memcpy(&hops, CMSG_DATA(each), sizeof(hops));
	return hops;
}

/* Sends with a hop limit for this one datagram, by a control message of its own. */
static ssize_t send_with(int fd, const struct sockaddr_in6 *to, int hops)
{
	char byte = 'x';
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(hops))] = { 0 };
	struct sockaddr_in6 name = *to;
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_name = &name,
				  .msg_namelen = sizeof(name),
				  .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = IPPROTO_IPV6;
	header->cmsg_type = IPV6_HOPLIMIT;
	header->cmsg_len = CMSG_LEN(sizeof(hops));
	memcpy(CMSG_DATA(header), &hops, sizeof(hops));
	return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static void exchange(struct narrator *narrator, int sender, int receiver,
		     const struct sockaddr_in6 *to)
{
	int on = 1, preset = -1, own = 7;
	socklen_t length = sizeof(preset);
	getsockopt(sender, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &preset, &length);

	sendto(sender, "x", 1, MSG_NOSIGNAL, (const struct sockaddr *)to, sizeof(*to));
	int unasked = receive(receiver);
	if (!demo_must(narrator,
		       setsockopt(receiver, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)),
		       "IPV6_RECVHOPLIMIT"))
		return;
	demo_claim(narrator, unasked == -1, "a receiver that does not ask is not told: %s",
		   unasked == -1 ? "no control message" : "a control message");

	sendto(sender, "x", 1, MSG_NOSIGNAL, (const struct sockaddr *)to, sizeof(*to));
	int came = receive(receiver);
	demo_claim(narrator, preset > 0 && came == preset,
		   "the sender's default, which getsockopt() says is %d: %d came", preset, came);

	setsockopt(sender, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &own, sizeof(own));
	sendto(sender, "x", 1, MSG_NOSIGNAL, (const struct sockaddr *)to, sizeof(*to));
	came = receive(receiver);
	demo_claim(narrator, came == own, "set to 7 for the socket by IPV6_UNICAST_HOPS: %d came",
		   came);

	send_with(sender, to, 3);
	came = receive(receiver);
	demo_claim(narrator, came == 3, "set to 3 for one datagram by a control message: %d came",
		   came);
}

void demo_inet6_hop_limit(struct narrator *narrator)
{
	struct sockaddr_in6 to = demo_inet6_address("::1", 0), from = to;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "Every packet carries a hop limit. Each router takes 1 off, and drops the");
	demo_say(narrator,
		 "packet at 0, so that a loop in the network ends. With IPV6_RECVHOPLIMIT set,");
	demo_say(narrator,
		 "a receiver gets what is left of it from recvmsg(), beside the message.");
	demo_show(narrator,
		  "sender  64 ---> router 63 ---> router 62 ---> receiver: IPV6_HOPLIMIT 62");
	int receiver = demo_bound(narrator, SOCK_DGRAM, &to, sizeof(to));
	int sender = demo_bound(narrator, SOCK_DGRAM, &from, sizeof(from));
	if (receiver != -1 && sender != -1)
		exchange(narrator, sender, receiver, &to);
	demo_close(receiver);
	demo_close(sender);
	demo_say(narrator,
		 "A limit of 255 can only come from the same link, for no router has passed it");
	demo_say(narrator, "on: that is how IPv6 trusts its neighbours' messages (RFC 5082).");
}
