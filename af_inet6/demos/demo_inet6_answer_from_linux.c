/* RFC 3542's IPV6_RECVPKTINFO and struct in6_pktinfo are not in POSIX. */
#define _GNU_SOURCE

#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Receives a question: who asks, and which of this machine's addresses. */
static bool receive(int fd, struct sockaddr_in6 *peer, struct in6_pktinfo *asked)
{
	*asked = (struct in6_pktinfo){ .ipi6_ifindex = 0 };
	return demo_inet6_receive(fd, peer, IPV6_PKTINFO, asked, sizeof(*asked));
}

/* Answers from the address that was asked, by a control message; the interface is left open. */
static ssize_t answer_from(int fd, const struct sockaddr_in6 *peer, const struct in6_pktinfo *asked)
{
	const struct in6_pktinfo from = { .ipi6_addr = asked->ipi6_addr };
	return demo_inet6_send(fd, peer, 'a', IPV6_PKTINFO, &from, sizeof(from));
}

/* Where an answer comes from; "nothing came" if none does. */
static const char *answered_by(int client, bool *came, in_addr_t *from)
{
	static char text[INET_ADDRSTRLEN];
	char byte;
	struct sockaddr_in peer = { 0 };
	socklen_t length = sizeof(peer);
	*came = demo_readable(client) &&
		recvfrom(client, &byte, 1, 0, (struct sockaddr *)&peer, &length) == 1;
	*from = peer.sin_addr.s_addr;
	return *came ? inet_ntop(AF_INET, &peer.sin_addr, text, sizeof(text)) : "nothing came";
}

/*
 * Any machine has two addresses for this: 127.0.0.1 and 127.0.0.2 are both its own. The server's
 * socket for both families knows them as ::ffff:127.0.0.1 and ::ffff:127.0.0.2.
 */
static void ask_by_ipv4(struct narrator *narrator, int server, in_port_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = port };
	struct sockaddr_in6 peer;
	struct in6_pktinfo asked;
	in_addr_t from;
	bool came;
	inet_pton(AF_INET, "127.0.0.2", &to.sin_addr);
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	if (!demo_must(narrator, client, "socket"))
		return;
	sendto(client, "q", 1, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to));
	bool told = receive(server, &peer, &asked);
	sendto(server, "a", 1, MSG_NOSIGNAL, (struct sockaddr *)&peer, sizeof(peer));
	const char *text = answered_by(client, &came, &from);
	demo_claim(narrator, came && from != to.sin_addr.s_addr,
		   "asked at 127.0.0.2, a plain sendto() answers from another address: %s", text);

	sendto(client, "q", 1, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to));
	told = receive(server, &peer, &asked) && told;
	const struct sockaddr_in6 mapped = { .sin6_family = AF_INET6,
					     .sin6_addr = asked.ipi6_addr,
					     .sin6_port = port };
	demo_claim(narrator,
		   told && IN6_IS_ADDR_V4MAPPED(&asked.ipi6_addr) &&
			   memcmp(&asked.ipi6_addr.s6_addr[12], &to.sin_addr, 4) == 0,
		   "the control message says which address was asked: %s",
		   demo_text(&mapped, sizeof(mapped)));
	answer_from(server, &peer, &asked);
	text = answered_by(client, &came, &from);
	demo_claim(narrator, came && from == to.sin_addr.s_addr,
		   "with it, the answer comes from where the question went: %s", text);
	close(client);
}

static void ask_by_ipv6(struct narrator *narrator, int server, in_port_t port)
{
	struct sockaddr_in6 to = demo_inet6_address("::1", ntohs(port)), peer;
	struct in6_pktinfo asked;
	char byte = 0;
	int client = socket(AF_INET6, SOCK_DGRAM, 0);
	if (!demo_must(narrator, client, "socket"))
		return;
	/* connected, it takes an answer from ::1 and from nobody else */
	if (demo_must(narrator, connect(client, (struct sockaddr *)&to, sizeof(to)), "connect")) {
		send(client, "q", 1, MSG_NOSIGNAL);
		bool told = receive(server, &peer, &asked);
		answer_from(server, &peer, &asked);
		ssize_t count = demo_receive(client, &byte, 1, 0);
		demo_claim(narrator,
			   told && IN6_ARE_ADDR_EQUAL(&asked.ipi6_addr, &to.sin6_addr) &&
				   count == 1 && byte == 'a',
			   "asked at %s, it is told so, and answers from there: recv() = %zd",
			   demo_text(&to, sizeof(to)), count);
	}
	close(client);
}

void demo_inet6_answer_from(struct narrator *narrator)
{
	struct sockaddr_in6 address = demo_inet6_address("::", 0);
	int on = 1, off = 0;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator, "A UDP server on [::] is asked at any of the machine's addresses. Its "
			   "answer leaves from the address that the kernel finds best, which may "
			   "be another one: then the client takes it for a stranger's and drops "
			   "it. So the server has the kernel tell which address the question went "
			   "to (IPV6_RECVPKTINFO), and answers from there.");
	demo_show(narrator, "client  question to B  ----->  server on [::], of A and B");
	demo_show(narrator,
		  "client                 <-----  answer, from B with IPV6_PKTINFO; else from A");
	int server = socket(AF_INET6, SOCK_DGRAM, 0);
	if (!demo_must(narrator, server, "socket"))
		return;
	if (demo_must(narrator, setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)),
		      "IPV6_V6ONLY") &&
	    demo_must(narrator, setsockopt(server, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)),
		      "IPV6_RECVPKTINFO") &&
	    demo_bind(narrator, server, &address, sizeof(address))) {
		ask_by_ipv6(narrator, server, address.sin6_port);
		ask_by_ipv4(narrator, server, address.sin6_port);
	}
	close(server);
	demo_say(narrator,
		 "The two addresses here are IPv4 ones, since a loopback interface has only one "
		 "IPv6 address. The socket serves both families, and the option is the same.");
}
