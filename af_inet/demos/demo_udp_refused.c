#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

struct scene {
	struct sockaddr_in nobody; /* with a port where nobody listens */
	int connected, unconnected;
};

static void story(struct narrator *narrator, const struct scene *scene)
{
	const struct sockaddr *nobody = (const struct sockaddr *)&scene->nobody;
	char byte;

	demo_say(narrator,
		 "Two sockets send to a port where nobody listens; one calls connect() first.");
	demo_show(narrator, "sender  ------- datagram ------->  no such port");
	demo_show(narrator, "        <-- ICMP port unreachable");
	int result = connect(scene->connected, nobody, sizeof(scene->nobody));
	demo_claim(narrator, result == 0,
		   "connect() on UDP sends nothing, so it works though nobody is there: %s",
		   demo_errno(demo_error(result)));

	ssize_t sent =
		sendto(scene->unconnected, "?", 1, MSG_NOSIGNAL, nobody, sizeof(scene->nobody));
	demo_claim(narrator, sent == 1, "unconnected, sendto() works: %zd", sent);
	sent = send(scene->connected, "?", 1, MSG_NOSIGNAL);
	demo_claim(narrator, sent == 1, "connected, the first send() works: %zd", sent);

	demo_readable(scene->connected);
	int error = demo_error(recv(scene->connected, &byte, 1, MSG_DONTWAIT));
	demo_claim(narrator, error == ECONNREFUSED,
		   "connected, recv() reports the ICMP message: %s", demo_errno(error));
	error = demo_error(recv(scene->unconnected, &byte, 1, MSG_DONTWAIT));
	demo_claim(narrator, error == EAGAIN || error == EWOULDBLOCK,
		   "unconnected, recv() has nothing to report, though it sent first: %s",
		   demo_errno(error));
	demo_say(narrator, "An unconnected socket may send to many, and the error could not say "
			   "which of them it is about. And where a firewall drops the datagram or "
			   "the ICMP message, neither socket learns anything: use a time-out.");
}

void demo_udp_refused(struct narrator *narrator)
{
	struct scene scene = { .nobody = demo_loopback() };
	if (!demo_inet_here(narrator))
		return;
	int closed = demo_bound(narrator, SOCK_DGRAM, &scene.nobody, sizeof(scene.nobody));
	if (closed == -1)
		return;
	close(closed);
	scene.connected = socket(AF_INET, SOCK_DGRAM, 0);
	scene.unconnected = socket(AF_INET, SOCK_DGRAM, 0);
	if (demo_must(narrator, scene.connected, "socket") &&
	    demo_must(narrator, scene.unconnected, "socket"))
		story(narrator, &scene);
	demo_close(scene.connected);
	demo_close(scene.unconnected);
}
