#include "af_inet6/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

/* By chance another program may have the port in the other family; then another one is tried. */
#define TRIES 8

struct ends {
	int six, four; /* sockets of the same port, at ::1 and at 127.0.0.1 */
	struct sockaddr_in6 six_address;
	struct sockaddr_in four_address;
};

/* 0 or errno. */
static int bind_both(struct ends *ends)
{
	socklen_t length = sizeof(ends->six_address);
	ends->six_address = demo_inet6_address("::1", 0);
	ends->four_address = (struct sockaddr_in){ .sin_family = AF_INET };
	ends->four_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ends->six = socket(AF_INET6, SOCK_STREAM, 0);
	ends->four = socket(AF_INET, SOCK_STREAM, 0);
	if (ends->six == -1 || ends->four == -1 ||
	    bind(ends->six, (struct sockaddr *)&ends->six_address, length) == -1 ||
	    getsockname(ends->six, (struct sockaddr *)&ends->six_address, &length) == -1)
		return errno;
	ends->four_address.sin_port = ends->six_address.sin6_port;
	if (bind(ends->four, (struct sockaddr *)&ends->four_address, sizeof(ends->four_address)) ==
	    -1)
		return errno;
	return 0;
}

static void close_both(struct ends *ends)
{
	if (ends->six != -1)
		close(ends->six);
	if (ends->four != -1)
		close(ends->four);
}

/* What connect(2) says: 0 or errno. */
static int call(int domain, const void *address, socklen_t length)
{
	int fd = socket(domain, SOCK_STREAM, 0);
	if (fd == -1)
		return errno;
	demo_inet6_limit(fd);
	int number = connect(fd, address, length) == -1 ? errno : 0;
	close(fd);
	return number;
}

static void show_localhost(struct narrator *narrator)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	int code = getaddrinfo("localhost", NULL, &hints, &found);
	if (code != 0) {
		demo_show(narrator, "localhost has no address here: %s", gai_strerror(code));
		return;
	}
	for (struct addrinfo *each = found; each; each = each->ai_next) {
		char host[64] = "?";
		getnameinfo(each->ai_addr, each->ai_addrlen, host, sizeof(host), NULL, 0,
			    NI_NUMERICHOST);
		demo_show(narrator, "localhost: %s %s",
			  each->ai_family == AF_INET6 ? "inet6" : "inet ", host);
	}
	freeaddrinfo(found);
}

static void run(struct narrator *narrator)
{
	struct ends ends = { .six = -1, .four = -1 };
	int number = EADDRINUSE;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator, "One port number, two sockets: one at [::1], which listens, and one at");
	demo_say(narrator,
		 "127.0.0.1, which only holds the port, so that nobody else answers there.");
	for (int i = 0; i < TRIES && number == EADDRINUSE; i++) {
		close_both(&ends);
		number = bind_both(&ends);
	}
	bool bound = demo_claim(narrator, number == 0, "each loopback has ports of its own: %s",
				demo_errno(number));
	if (bound && demo_must(narrator, listen(ends.six, 2), "listen")) {
		unsigned port = ntohs(ends.six_address.sin6_port);
		int six = call(AF_INET6, &ends.six_address, sizeof(ends.six_address));
		int four = call(AF_INET, &ends.four_address, sizeof(ends.four_address));
		demo_show(narrator, "connect([::1]:%u): %s", port, demo_errno(six));
		demo_show(narrator, "connect(127.0.0.1:%u): %s", port, demo_errno(four));
		demo_claim(narrator, six == 0, "who listens on ::1 is there for ::1: %s",
			   demo_errno(six));
		demo_claim(narrator, four == ECONNREFUSED, "and refuses at 127.0.0.1: %s",
			   demo_errno(four));
	}
	close_both(&ends);
	demo_say(narrator,
		 "They are two networks of one machine. \"localhost\" is a name for either:");
	show_localhost(narrator);
	demo_say(narrator,
		 "So a client given a name tries each address in turn, and a server that is");
	demo_say(narrator, "\"on localhost\" may be refused on the one that it did not bind.");
}

const struct demo demo_inet6_loopbacks = {
	.name = "inet6-loopbacks",
	.summary = "a listener on ::1 is not on 127.0.0.1",
	.run = run,
};
