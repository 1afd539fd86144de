#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Another program may happen to have the IPv4 port; then a new one is tried. */
#define TRIES 8

/*
 * Binds [::]:P, P being any free port, and then 0.0.0.0:P; neither listens, so nobody can come in.
 * Returns what the second bind(2) said, 0 or errno; -1, after a claim, if it was not reached.
 */
static int bind_both(struct narrator *narrator, int only, uint16_t *port)
{
	struct sockaddr_in6 six = demo_inet6_address("::", 0);
	struct sockaddr_in four = { .sin_family = AF_INET };
	int result = -1;
	int first = socket(AF_INET6, SOCK_STREAM, 0), second = socket(AF_INET, SOCK_STREAM, 0);
	if (demo_must(narrator, first, "socket") && demo_must(narrator, second, "socket") &&
	    demo_must(narrator, setsockopt(first, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only)),
		      "IPV6_V6ONLY") &&
	    demo_bind(narrator, first, &six, sizeof(six))) {
		four.sin_addr.s_addr = htonl(INADDR_ANY);
		four.sin_port = six.sin6_port;
		*port = ntohs(six.sin6_port);
		result = demo_error(bind(second, (struct sockaddr *)&four, sizeof(four)));
	}
	demo_close(first);
	demo_close(second);
	return result;
}

void demo_inet6_v6only(struct narrator *narrator)
{
	uint16_t port = 0;
	int number = EADDRINUSE;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "The wildcard is \"every address\": 0.0.0.0 for IPv4, [::] for IPv6. Does [::] "
		 "include the IPv4 ones? IPV6_V6ONLY decides; it is set before bind().");

	for (int i = 0; i < TRIES && number == EADDRINUSE; i++)
		number = bind_both(narrator, 1, &port);
	if (number == -1)
		return;
	demo_show(narrator, "IPV6_V6ONLY 1:  bind([::]:%u) = 0   bind(0.0.0.0:%u): %s", port, port,
		  demo_errno(number));
	demo_claim(narrator, number == 0, "with it, both wildcards have the port: %s",
		   demo_errno(number));

	number = bind_both(narrator, 0, &port);
	if (number == -1)
		return;
	demo_show(narrator, "IPV6_V6ONLY 0:  bind([::]:%u) = 0   bind(0.0.0.0:%u): %s", port, port,
		  demo_errno(number));
	demo_claim(narrator, number == EADDRINUSE, "without it, [::] has taken both: %s",
		   demo_errno(number));

	int unset = -1;
	socklen_t length = sizeof(unset);
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (!demo_must(narrator, fd, "socket"))
		return;
	getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &unset, &length);
	close(fd);
	demo_show(narrator, "not set at all, it is %d on this machine", unset);
	demo_say(narrator, "The default differs between systems, and can be configured. So a "
			   "program sets it, one way or the other, and either listens on [::] for "
			   "both, or has a socket for each.");
}
