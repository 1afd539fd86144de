#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>

/* Another program may happen to have the port in the other family; then a new one is tried. */
#define TRIES 8

struct ends {
	int six, four; /* sockets of the same port, at ::1 and at 127.0.0.1 */
	struct sockaddr_in6 six_address;
	struct sockaddr_in four_address;
};

/* 0, or errno. */
static int bind_both(struct ends *ends)
{
	socklen_t length = sizeof(ends->six_address);
	ends->six_address = demo_inet6_address("::1", 0);
	ends->four_address = demo_loopback();
	ends->six = socket(AF_INET6, SOCK_STREAM, 0);
	ends->four = socket(AF_INET, SOCK_STREAM, 0);
	if (ends->six == -1 || ends->four == -1 ||
	    bind(ends->six, (struct sockaddr *)&ends->six_address, length) == -1 ||
	    getsockname(ends->six, (struct sockaddr *)&ends->six_address, &length) == -1)
		return errno;
	ends->four_address.sin_port = ends->six_address.sin6_port;
	return demo_error(bind(ends->four, (struct sockaddr *)&ends->four_address,
			       sizeof(ends->four_address)));
}

static void close_both(const struct ends *ends)
{
	demo_close(ends->six);
	demo_close(ends->four);
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

void demo_inet6_loopbacks(struct narrator *narrator)
{
	struct ends ends = { .six = -1, .four = -1 };
	int number = EADDRINUSE;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "One port number, two sockets: one at [::1], which listens, and one at 127.0.0.1, "
		 "which only holds the port, so that nobody else answers there.");
	for (int i = 0; i < TRIES && number == EADDRINUSE; i++) {
		close_both(&ends);
		number = bind_both(&ends);
	}
	bool bound = demo_claim(narrator, number == 0, "each loopback has ports of its own: %s",
				demo_errno(number));
	if (bound && demo_must(narrator, listen(ends.six, 2), "listen")) {
		int six = demo_knock(SOCK_STREAM, &ends.six_address, sizeof(ends.six_address));
		int four = demo_knock(SOCK_STREAM, &ends.four_address, sizeof(ends.four_address));
		demo_show(narrator, "connect(%s): %s",
			  demo_text(&ends.six_address, sizeof(ends.six_address)), demo_errno(six));
		demo_show(narrator, "connect(%s): %s",
			  demo_text(&ends.four_address, sizeof(ends.four_address)),
			  demo_errno(four));
		demo_claim(narrator, six == 0, "a listener on ::1 is there for ::1: %s",
			   demo_errno(six));
		demo_claim(narrator, four == ECONNREFUSED, "and not for 127.0.0.1: %s",
			   demo_errno(four));
	}
	close_both(&ends);
	demo_say(narrator,
		 "They are two networks of one machine. \"localhost\" is a name for either:");
	show_localhost(narrator);
	demo_say(narrator, "So a client given a name tries each address in turn, and a server that "
			   "is \"on localhost\" refuses clients at the one that it has not bound.");
}
