/* RFC 3542's IPV6_RECVHOPLIMIT is not in POSIX. */
#define _GNU_SOURCE

#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <sys/socket.h>

/* The hop limit that the next datagram came with, as its control message says; -1 without one. */
static int receive(int fd)
{
	struct sockaddr_in6 peer;
	int hops = -1;
	demo_inet6_receive(fd, &peer, IPV6_HOPLIMIT, &hops, sizeof(hops));
	return hops;
}

static void exchange(struct narrator *narrator, int sender, int receiver,
		     const struct sockaddr_in6 *to)
{
	int on = 1, preset = -1, own = 7, single = 3;
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

	demo_inet6_send(sender, to, 'x', IPV6_HOPLIMIT, &single, sizeof(single));
	came = receive(receiver);
	demo_claim(narrator, came == single,
		   "set to 3 for one datagram by a control message: %d came", came);
}

void demo_inet6_hop_limit(struct narrator *narrator)
{
	struct sockaddr_in6 to = demo_inet6_address("::1", 0), from = to;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "Every packet carries a hop limit. Each router takes 1 off, and drops the packet "
		 "at 0, so that a loop in the network ends. With IPV6_RECVHOPLIMIT set, recvmsg() "
		 "gives a receiver what is left of it, along with the message.");
	demo_show(narrator,
		  "sender  64 ---> router 63 ---> router 62 ---> receiver: IPV6_HOPLIMIT 62");
	int receiver = demo_bound(narrator, SOCK_DGRAM, &to, sizeof(to));
	int sender = demo_bound(narrator, SOCK_DGRAM, &from, sizeof(from));
	if (receiver != -1 && sender != -1)
		exchange(narrator, sender, receiver, &to);
	demo_close(receiver);
	demo_close(sender);
	demo_say(narrator,
		 "A message with a limit of 255 can only come from the same link, since no router "
		 "has passed it on: that is how IPv6 trusts its neighbours' messages (RFC 5082).");
}
