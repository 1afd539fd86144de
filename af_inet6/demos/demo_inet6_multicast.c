#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/members_only.h"
#include "af_inet6/demos/scene.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * A group of this process's own: the 11 says that it is nobody's for ever, and in the scope of the
 * interface (RFC 4291, 2.7): what is sent to it, and who has joined, is never told to the network.
 */
static struct sockaddr_in6 make_group(char text[INET6_ADDRSTRLEN])
{
	snprintf(text, INET6_ADDRSTRLEN, "ff11::%x:%x", (unsigned)getpid() & 0xffff,
		 (unsigned)(clock_now() / NSEC_PER_USEC) & 0xffff);
	return demo_inet6_address(text, 0);
}

/* 0 if this interface has a way for messages to the group; else errno. Nothing is sent. */
static int try_interface(struct sockaddr_in6 group, unsigned index)
{
	group.sin6_port = htons(9);
	group.sin6_scope_id = index;
	return demo_knock(SOCK_DGRAM, &group, sizeof(group));
}

/* The first that takes multicast; 0: none. Linux's loopback does not, unless it has a route. */
static unsigned find_interface(struct narrator *narrator, const struct sockaddr_in6 *group,
			       const char *text)
{
	unsigned index = 0;
	struct if_nameindex *all = if_nameindex();
	for (struct if_nameindex *each = all; each && each->if_index != 0 && index == 0; each++) {
		int number = try_interface(*group, each->if_index);
		demo_show(narrator, "interface %u, %s: connect(%s): %s", each->if_index,
			  each->if_name, text, demo_errno(number));
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

static void send_to(struct narrator *narrator, int sender, const struct sockaddr_in6 *group,
		    const char *text)
{
	ssize_t sent = sendto(sender, text, strlen(text), MSG_NOSIGNAL,
			      (const struct sockaddr *)group, sizeof(*group));
	demo_show(narrator, "sendto(group, \"%s\") = %zd", text, sent);
}

/* What a receiver has got, in order, with a bar after each; LAST is the last that was sent. */
static void collect(int fd, const char *last, char got[64])
{
	char text[16];
	ssize_t count;
	got[0] = '\0';
	while ((count = demo_receive(fd, text, sizeof(text) - 1, 0)) > 0 && strlen(got) < 40) {
		text[count] = '\0';
		strcat(strcat(got, text), "|");
		if (strcmp(text, last) == 0)
			break;
	}
}

static void exchange(struct narrator *narrator, int sender, const int receivers[2],
		     const struct sockaddr_in6 *group, unsigned interface)
{
	struct sockaddr_in6 to = *group;
	char first[64], second[64];
	to.sin6_scope_id = 0; /* the sender has said its interface */
	if (!demo_must(narrator,
		       setsockopt(sender, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface,
				  sizeof(interface)),
		       "IPV6_MULTICAST_IF"))
		return;
	bool members_only = demo_members_only(receivers[0]) && demo_members_only(receivers[1]);

	/* the receivers are bound to the group, and not yet in it */
	send_to(narrator, sender, &to, "early");
	if (!join(narrator, receivers[0], group, interface))
		return;
	send_to(narrator, sender, &to, "one");
	if (!join(narrator, receivers[1], group, interface))
		return;
	send_to(narrator, sender, &to, "both");
	collect(receivers[0], "both", first);
	collect(receivers[1], "both", second);
	demo_claim(narrator, strstr(first, "both|") && strstr(second, "both|"),
		   "sent once, when both had joined, \"both\" reached both: they got %s and %s",
		   first, second);
	demo_claim(narrator, strstr(first, "one|") == first,
		   "the first to join got \"one\", and not what was sent before it joined: %s",
		   first);
	if (members_only)
		demo_claim(narrator, strcmp(second, "both|") == 0,
			   "the second got nothing from before it joined itself: %s", second);
	else
		demo_skip(narrator, "whether one who has not joined gets it is not POSIX's to say");
}

void demo_inet6_multicast(struct narrator *narrator)
{
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "A group's address stands for all who have joined it, by IPV6_JOIN_GROUP, on one "
		 "interface. Its fourth digit says how far a message goes: 1 stays on the "
		 "interface, and so on the machine; 2 stays on the link; e goes anywhere. The "
		 "third is 1 for a group that is made for the moment, as here.");
	char text[INET6_ADDRSTRLEN];
	struct sockaddr_in6 group = make_group(text);
	unsigned interface = find_interface(narrator, &group, text);
	if (interface == 0) {
		demo_skip(narrator, "no interface of this machine takes IPv6 multicast");
		return;
	}
	demo_show(narrator, "sender, IPV6_MULTICAST_IF %u  ---> %s ---+---> first,  joined",
		  interface, text);
	demo_show(narrator, "%*s +---> second, joined", (int)strlen(text) + 37, "");
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
		 "A group is not in one place, so the sender has to say which interface to send "
		 "from. IPv6 has no broadcast: \"all on this link\" is a group too, ff02::1.");
}
