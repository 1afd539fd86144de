#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Listens on [::], with or without IPv4; the port is in *ADDRESS. */
static int listen_everywhere(struct narrator *narrator, int only, struct sockaddr_in6 *address)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	*address = demo_inet6_address("::", 0);
	demo_limit(fd);
	/* before bind(2), which is what it changes */
	if (demo_must(narrator, setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only)),
		      "IPV6_V6ONLY") &&
	    demo_bind(narrator, fd, address, sizeof(*address)) &&
	    demo_must(narrator, listen(fd, 2), "listen"))
		return fd;
	close(fd);
	return -1;
}

/* An IPv4 client, which knows nothing of IPv6. -1 with errno. */
static int call_by_ipv4(in_port_t port)
{
	struct sockaddr_in to = demo_loopback();
	to.sin_port = port;
	return demo_call(SOCK_STREAM, &to, sizeof(to));
}

static void show_mapped(struct narrator *narrator, int listener, int client)
{
	struct sockaddr_in own = { 0 };
	struct sockaddr_in6 peer = { 0 };
	socklen_t own_length = sizeof(own), length = sizeof(peer);
	getsockname(client, (struct sockaddr *)&own, &own_length);
	demo_readable(listener);
	int server = accept(listener, (struct sockaddr *)&peer, &length);
	if (!demo_must(narrator, server, "accept"))
		return;
	demo_show(narrator, "client, AF_INET:   getsockname() = %s", demo_text(&own, sizeof(own)));
	demo_show(narrator, "server, AF_INET6:  accept()      = %s",
		  demo_text(&peer, sizeof(peer)));
	/* ten bytes of 0, two of ff, and then the four of IPv4 (RFC 4291, 2.5.5.2) */
	demo_claim(narrator,
		   peer.sin6_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr) &&
			   memcmp(&peer.sin6_addr.s6_addr[12], &own.sin_addr, 4) == 0 &&
			   peer.sin6_port == own.sin_port,
		   "the IPv4 client appears as an IPv6 address that contains its own: %s",
		   demo_text(&peer, sizeof(peer)));

	char reply[8] = "";
	send(server, "hello", 5, MSG_NOSIGNAL);
	ssize_t count = demo_receive(client, reply, sizeof(reply), 0);
	demo_claim(narrator, count == 5 && memcmp(reply, "hello", 5) == 0,
		   "what the server sends to it arrives over IPv4: recv() = %zd", count);
	close(server);
}

void demo_inet6_v4_mapped(struct narrator *narrator)
{
	struct sockaddr_in6 address;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "A server listens on [::], every address, with IPV6_V6ONLY set to 0: then it "
		 "takes IPv4 too, on the same descriptor. An IPv4 client connects:");
	int listener = listen_everywhere(narrator, 0, &address);
	if (listener == -1)
		return;
	int client = call_by_ipv4(address.sin6_port);
	if (demo_must(narrator, client, "connect by IPv4")) {
		show_mapped(narrator, listener, client);
		close(client);
	}
	close(listener);

	listener = listen_everywhere(narrator, 1, &address);
	if (listener == -1)
		return;
	client = call_by_ipv4(address.sin6_port);
	int number = demo_error(client);
	demo_claim(narrator, number == ECONNREFUSED,
		   "with IPV6_V6ONLY set to 1, the same client is refused: %s", demo_errno(number));
	demo_close(client);
	close(listener);
	demo_say(narrator,
		 "Such an address is in no packet: it is only how the socket writes an IPv4 "
		 "address. A list of addresses must treat ::ffff:1.2.3.4 and 1.2.3.4 as the same.");
}
