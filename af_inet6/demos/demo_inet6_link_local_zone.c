#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The link-local address that this machine has on an interface: what it would send from to all
 * nodes of that link. connect(2) of a datagram socket finds it, and sends nothing.
 */
static bool find_on(unsigned zone, struct sockaddr_in6 *own)
{
	struct sockaddr_in6 all_nodes = demo_inet6_address("ff02::1", 9);
	socklen_t length = sizeof(*own);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (fd == -1)
		return false;
	all_nodes.sin6_scope_id = zone;
	bool found = connect(fd, (struct sockaddr *)&all_nodes, sizeof(all_nodes)) == 0 &&
		     getsockname(fd, (struct sockaddr *)own, &length) == 0 &&
		     IN6_IS_ADDR_LINKLOCAL(&own->sin6_addr);
	close(fd);
	own->sin6_port = 0;
	own->sin6_scope_id = zone;
	return found;
}

static bool find_link_local(struct sockaddr_in6 *own, char name[IF_NAMESIZE])
{
	bool found = false;
	struct if_nameindex *all = if_nameindex();
	for (struct if_nameindex *each = all; each && each->if_index != 0 && !found; each++) {
		found = find_on(each->if_index, own);
		if (found)
			strcpy(name, each->if_name); /* both have IF_NAMESIZE */
	}
	if (all)
		if_freenameindex(all);
	return found;
}

/* What bind(2) says: 0, or errno. */
static int try_bind(const struct sockaddr_in6 *address)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd == -1)
		return errno;
	int number = demo_error(bind(fd, (const struct sockaddr *)address, sizeof(*address)));
	close(fd);
	return number;
}

static void without_zone(struct narrator *narrator, struct sockaddr_in6 address)
{
	address.sin6_scope_id = 0;
	address.sin6_port = 0;
	int bound = try_bind(&address);
	demo_claim(narrator, bound == EINVAL, "without a zone, bind(%s): %s",
		   demo_text(&address, sizeof(address)), demo_errno(bound));
	address.sin6_port = htons(9); /* any will do: nothing is sent */
	int connected = demo_knock(SOCK_STREAM, &address, sizeof(address));
	demo_claim(narrator, connected == EINVAL, "without a zone, connect(%s): %s",
		   demo_text(&address, sizeof(address)), demo_errno(connected));
}

static void with_zone(struct narrator *narrator, struct sockaddr_in6 own)
{
	int listener = demo_bound(narrator, SOCK_STREAM, &own, sizeof(own));
	if (listener == -1)
		return;
	if (demo_must(narrator, listen(listener, 1), "listen")) {
		int number = demo_knock(SOCK_STREAM, &own, sizeof(own));
		demo_claim(narrator, number == 0, "with a zone, bind() and connect(%s): %s",
			   demo_text(&own, sizeof(own)), demo_errno(number));
	}
	close(listener);
}

void demo_inet6_link_local_zone(struct narrator *narrator)
{
	struct sockaddr_in6 own = { 0 };
	char name[IF_NAMESIZE];
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "Addresses in fe80::/10 are valid on one link only. The same one may exist on "
		 "every link, so a zone, the interface, has to say which is meant: fe80::1%%eth0 "
		 "in text, and in a program the interface's number in sin6_scope_id.");
	if (find_link_local(&own, name)) {
		demo_show(narrator, "%s is interface %u; its own address is %s", name,
			  (unsigned)own.sin6_scope_id, demo_text(&own, sizeof(own)));
		without_zone(narrator, own);
		with_zone(narrator, own);
	} else {
		without_zone(narrator, demo_inet6_address("fe80::1", 0));
		demo_skip(narrator, "with a zone: no interface has a link-local address here");
	}
	demo_say(narrator, "Each machine numbers its interfaces by itself, so a zone is never part "
			   "of what is sent to another machine.");
}
