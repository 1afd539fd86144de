#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The group id that RFC 4727 leaves to experiments, in the scope of the interface: what is sent to
 * it, and who has joined, is never told to the network.
 */
#define GROUP "ff01::114"

/* 0 if this interface has a way for messages to the group; else errno. Nothing is sent. */
static int try_interface(unsigned index)
{
	struct sockaddr_in6 group = demo_inet6_address(GROUP, 9);
	group.sin6_scope_id = index;
	return demo_knock(SOCK_DGRAM, &group, sizeof(group));
}

/* The first that takes multicast; 0: none. Linux's loopback does not, unless it has a route. */
static unsigned find_interface(struct narrator *narrator)
{
	unsigned index = 0;
	struct if_nameindex *all = if_nameindex();
	for (struct if_nameindex *each = all; each && each->if_index != 0 && index == 0; each++) {
		int number = try_interface(each->if_index);
		demo_show(narrator, "interface %u, %s: connect(" GROUP "): %s", each->if_index,
			  each->if_name, demo_errno(number));
		if (number == 0)
			index = each->if_index;
	}
	if (all)
		if_freenameindex(all);
	return index;
}

/* SO_REUSEADDR lets several receivers have the group's address and port. */
static int open_receiver(struct narrator *narrator, struct sockaddr_in6 *group)
{
	int on = 1;
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	demo_limit(fd);
	if (demo_must(narrator, setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)),
		      "SO_REUSEADDR") &&
	    demo_bind(narrator, fd, group, sizeof(*group)))
		return fd;
	close(fd);
	return -1;
}

static bool join(struct narrator *narrator, int fd, const struct sockaddr_in6 *group,
		 unsigned interface)
{
	struct ipv6_mreq membership = { .ipv6mr_multiaddr = group->sin6_addr,
					.ipv6mr_interface = interface };
	return demo_must(
		narrator,
		setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &membership, sizeof(membership)),
		"IPV6_JOIN_GROUP");
}

static void exchange(struct narrator *narrator, int sender, const int receivers[2],
		     const struct sockaddr_in6 *group, unsigned interface)
{
	struct sockaddr_in6 to = *group;
	char first[16] = "", second[16] = "";
	to.sin6_scope_id = 0; /* the sender has said its interface */
	if (!demo_must(narrator,
		       setsockopt(sender, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface,
				  sizeof(interface)),
		       "IPV6_MULTICAST_IF"))
		return;

	/* the receivers are bound to the group, and not yet in it */
	sendto(sender, "too early", 9, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to));
	if (!join(narrator, receivers[0], group, interface) ||
	    !join(narrator, receivers[1], group, interface))
		return;
	ssize_t sent =
		sendto(sender, "to all", 6, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to));
	demo_receive(receivers[0], first, sizeof(first) - 1, 0);
	demo_receive(receivers[1], second, sizeof(second) - 1, 0);
	demo_show(narrator, "sendto(%s, \"to all\") = %zd", demo_text(&to, sizeof(to)), sent);
	demo_claim(narrator, strcmp(first, "to all") == 0 && strcmp(second, "to all") == 0,
		   "sent once, the message reaches both: \"%s\", \"%s\"", first, second);
	demo_claim(narrator, *first && strcmp(first, "too early") != 0,
		   "\"too early\", sent before they joined, did not: \"%s\" came first", first);
}

void demo_inet6_multicast(struct narrator *narrator)
{
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "A group's address stands for all who have joined it, on one interface,");
	demo_say(narrator, "by IPV6_JOIN_GROUP. Its second byte says how far a message goes: with");
	demo_say(narrator, "ff01:: not off the interface, and so not off the machine; with ff02::");
	demo_say(narrator, "not off the link; with ff0e:: anywhere.");
	unsigned interface = find_interface(narrator);
	if (interface == 0) {
		demo_skip(narrator, "no interface of this machine takes IPv6 multicast");
		return;
	}
	demo_show(narrator, "sender, IPV6_MULTICAST_IF %u  ---> %s ---+---> first,  joined",
		  interface, GROUP);
	demo_show(narrator, "                                               +---> second, joined");
	struct sockaddr_in6 group = demo_inet6_address(GROUP, 0);
	group.sin6_scope_id = interface;
	int sender = socket(AF_INET6, SOCK_DGRAM, 0);
	int receivers[2] = { -1, -1 };
	receivers[0] = open_receiver(narrator, &group);
	if (receivers[0] != -1)
		receivers[1] = open_receiver(narrator, &group);
	if (demo_must(narrator, sender, "socket") && receivers[1] != -1)
		exchange(narrator, sender, receivers, &group, interface);
	demo_close(sender);
	for (int i = 0; i < 2; i++)
		demo_close(receivers[i]);
	demo_say(narrator,
		 "A group is in no one place, so the sender says which interface to send from.");
	demo_say(narrator, "IPv6 has no broadcast: \"all on this link\" is a group too, ff02::1.");
}
