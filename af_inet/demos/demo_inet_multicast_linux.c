/* POSIX has no multicast for IPv4; IP_MULTICAST_ALL and IFF_MULTICAST are Linux's (ip(7)). */
#define _GNU_SOURCE

#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

struct scene {
	int receiver, bystander, sender;
	uint16_t port, bystander_port; /* in network byte order */
};

static bool set(struct narrator *narrator, int fd, int option, const char *name, int value)
{
	return demo_must(narrator, setsockopt(fd, IPPROTO_IP, option, &value, sizeof(value)), name);
}

/* Joins or leaves the group, or chooses the interface: IP_..._MEMBERSHIP, IP_MULTICAST_IF. */
static bool set_group(struct narrator *narrator, int fd, int option, const char *name,
		      const char *group, struct in_addr interface)
{
	struct ip_mreq request = { .imr_interface = interface };
	inet_pton(AF_INET, group, &request.imr_multiaddr);
	if (option == IP_MULTICAST_IF)
		return demo_must(narrator,
				 setsockopt(fd, IPPROTO_IP, option, &interface, sizeof(interface)),
				 name);
	return demo_must(narrator, setsockopt(fd, IPPROTO_IP, option, &request, sizeof(request)),
			 name);
}

static bool send_to_port(struct narrator *narrator, const struct scene *scene, const char *host,
			 uint16_t port, const char *text)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = port };
	inet_pton(AF_INET, host, &to.sin_addr);
	return demo_must(narrator,
			 sendto(scene->sender, text, strlen(text), MSG_NOSIGNAL,
				(struct sockaddr *)&to, sizeof(to)),
			 "sendto");
}

static bool send_to(struct narrator *narrator, const struct scene *scene, const char *host,
		    const char *text)
{
	return send_to_port(narrator, scene, host, scene->port, text);
}

/* Loopback keeps the order: once a later datagram is there, a missing one will not come. */
static void claim_next_of(struct narrator *narrator, int fd, const char *expected,
			  const char *claim)
{
	char text[32] = "(nothing)";
	if (demo_readable(fd)) {
		memset(text, 0, sizeof(text));
		recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	}
	demo_claim(narrator, strcmp(text, expected) == 0, "%s: \"%s\"", claim, text);
}

static void claim_next(struct narrator *narrator, const struct scene *scene, const char *expected,
		       const char *claim)
{
	claim_next_of(narrator, scene->receiver, expected, claim);
}

/* The receiver has joined the group, the bystander has not; what is sent goes to its port. */
static void show_bystander(struct narrator *narrator, const struct scene *scene, const char *group)
{
	demo_say(narrator,
		 "A socket that has joined no group, on the same machine as one that has:");
	if (!send_to_port(narrator, scene, group, scene->bystander_port, "overheard"))
		return;
	claim_next_of(narrator, scene->bystander, "overheard",
		      "by default Linux gives it what is sent to the group and its port");
	demo_show(narrator, "IP_MULTICAST_ALL = 0; sent \"again\"; sent \"direct\" to 127.0.0.1");
	if (set(narrator, scene->bystander, IP_MULTICAST_ALL, "IP_MULTICAST_ALL", 0) &&
	    send_to_port(narrator, scene, group, scene->bystander_port, "again") &&
	    send_to_port(narrator, scene, "127.0.0.1", scene->bystander_port, "direct"))
		claim_next_of(narrator, scene->bystander, "direct",
			      "without IP_MULTICAST_ALL only what is for itself");
}

static void show_group(struct narrator *narrator, const struct scene *scene)
{
	const char *group = "239.255.71.14"; /* RFC 2365: for use within a site */
	struct in_addr loopback = { htonl(INADDR_LOOPBACK) };

	demo_say(narrator, "%s is a group: a datagram to it reaches all who have joined.", group);
	if (!set_group(narrator, scene->sender, IP_MULTICAST_IF, "IP_MULTICAST_IF", group,
		       loopback) ||
	    !set(narrator, scene->receiver, IP_MULTICAST_ALL, "IP_MULTICAST_ALL", 0) ||
	    !send_to(narrator, scene, group, "early"))
		return;
	demo_show(narrator, "sent \"early\"; then IP_ADD_MEMBERSHIP on loopback; sent \"hello\"");
	if (!set_group(narrator, scene->receiver, IP_ADD_MEMBERSHIP, "IP_ADD_MEMBERSHIP", group,
		       loopback) ||
	    !send_to(narrator, scene, group, "hello"))
		return;
	claim_next(narrator, scene, "hello",
		   "a member receives, and nothing from before it joined");

	show_bystander(narrator, scene, group);
	demo_show(narrator, "IP_DROP_MEMBERSHIP; sent \"late\"; sent \"direct\" to 127.0.0.1");
	if (!set_group(narrator, scene->receiver, IP_DROP_MEMBERSHIP, "IP_DROP_MEMBERSHIP", group,
		       loopback) ||
	    !send_to(narrator, scene, group, "late") ||
	    !send_to(narrator, scene, "127.0.0.1", "direct"))
		return;
	claim_next(narrator, scene, "direct",
		   "having left, a member receives only what is for itself");
}

/* The address of an interface with multicast, other than loopback; whether there is one. */
static bool find_interface(struct in_addr *address, char name[IF_NAMESIZE])
{
	const unsigned wanted = IFF_UP | IFF_RUNNING | IFF_MULTICAST;
	struct ifaddrs *all;
	bool found = false;
	if (getifaddrs(&all) == -1)
		return false;
	for (struct ifaddrs *each = all; each && !found; each = each->ifa_next) {
		if (!each->ifa_addr || each->ifa_addr->sa_family != AF_INET ||
		    (each->ifa_flags & (wanted | IFF_LOOPBACK)) != wanted)
			continue;
		*address = ((struct sockaddr_in *)each->ifa_addr)->sin_addr;
		memset(name, 0, IF_NAMESIZE);
		strncpy(name, each->ifa_name, IF_NAMESIZE - 1);
		found = true;
	}
	freeifaddrs(all);
	return found;
}

/*
 * Every host is in group 224.0.0.1 without a word on the network, and with a TTL of 0 a datagram
 * does not leave this machine: nobody else is bothered.
 */
static void show_loop(struct narrator *narrator, const struct scene *scene)
{
	const char *group = "224.0.0.1";
	struct in_addr interface;
	char name[IF_NAMESIZE];

	if (!find_interface(&interface, name)) {
		demo_skip(narrator,
			  "IP_MULTICAST_LOOP: no interface with multicast but loopback here");
		return;
	}
	demo_say(narrator, "On %s, members on this machine get a copy of what it sends:", name);
	if (!set_group(narrator, scene->sender, IP_MULTICAST_IF, "IP_MULTICAST_IF", group,
		       interface) ||
	    !set_group(narrator, scene->receiver, IP_ADD_MEMBERSHIP, "IP_ADD_MEMBERSHIP", group,
		       interface) ||
	    !set(narrator, scene->sender, IP_MULTICAST_TTL, "IP_MULTICAST_TTL", 0))
		return;
	if (!send_to(narrator, scene, group, "by default"))
		return;
	claim_next(narrator, scene, "by default", "a sender's own message comes back");
	demo_show(narrator, "IP_MULTICAST_LOOP = 0; sent \"no loop\"; = 1; sent \"loop\"");
	if (set(narrator, scene->sender, IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP", 0) &&
	    send_to(narrator, scene, group, "no loop") &&
	    set(narrator, scene->sender, IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP", 1) &&
	    send_to(narrator, scene, group, "loop"))
		claim_next(narrator, scene, "loop", "without IP_MULTICAST_LOOP it does not");
}

void demo_inet_multicast(struct narrator *narrator)
{
	struct sockaddr_in any = { .sin_family = AF_INET }, another = any;
	if (!demo_inet_here(narrator))
		return;
	struct scene scene = { .receiver = demo_bound(narrator, SOCK_DGRAM, &any, sizeof(any)),
			       .bystander =
				       demo_bound(narrator, SOCK_DGRAM, &another, sizeof(another)),
			       .sender = socket(AF_INET, SOCK_DGRAM, 0) };
	if (scene.receiver != -1 && scene.bystander != -1 &&
	    demo_must(narrator, scene.sender, "socket")) {
		scene.port = any.sin_port;
		scene.bystander_port = another.sin_port;
		show_group(narrator, &scene);
		show_loop(narrator, &scene);
	}
	demo_close(scene.receiver);
	demo_close(scene.bystander);
	demo_close(scene.sender);
}
