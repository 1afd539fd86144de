#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"
#include "demos/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool set_reuse(struct narrator *narrator, int fd, int on)
{
	return demo_must(narrator, setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)),
			 "SO_REUSEADDR");
}

/*
 * A server's life: it listens (with SO_REUSEADDR or not), serves one client, closes first and ends.
 * Its address is in *ADDRESS; its connection remains, in TIME_WAIT.
 */
static bool serve_once(struct narrator *narrator, int reuse, struct sockaddr_in *address,
		       uint16_t *client_port)
{
	char byte;
	*address = demo_loopback();
	int client = -1, accepted = -1;
	int listener = demo_bound(narrator, SOCK_STREAM, address, sizeof(*address));
	if (listener == -1)
		return false;
	/* on Linux a connection inherits the option from the listener, and hands it on */
	if (set_reuse(narrator, listener, reuse) &&
	    demo_must(narrator, listen(listener, 1), "listen")) {
		client = demo_call(SOCK_STREAM, address, sizeof(*address));
		if (demo_must(narrator, client, "connect")) {
			*client_port = demo_port(client);
			accepted = demo_accept(listener);
			demo_must(narrator, accepted, "accept");
		}
	}
	close(listener);
	if (accepted != -1) {
		close(accepted);
		if (demo_readable(client))
			recv(client, &byte, 1, 0); /* the end */
	}
	demo_close(client);
	return accepted != -1;
}

struct ports {
	uint16_t server, client;
};

static bool waits(void *context)
{
	const struct ports *ports = context;
	const char *state = demo_tcp_listed(ports->server, ports->client);
	return !state || strcmp(state, "TIME_WAIT") == 0;
}

/* The same server is started again: what bind() says, 0 or errno. */
static int bind_again(struct narrator *narrator, int reuse, const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (!demo_must(narrator, fd, "socket"))
		return errno;
	set_reuse(narrator, fd, reuse);
	int result = bind(fd, (const struct sockaddr *)address, sizeof(*address));
	int error = demo_error(result);
	close(fd);
	return error;
}

static bool serve_and_look(struct narrator *narrator, int reuse, struct sockaddr_in *address)
{
	struct ports ports;
	if (!serve_once(narrator, reuse, address, &ports.client))
		return false;
	ports.server = ntohs(address->sin_port);
	bool waiting = demo_eventually(waits, &ports);
	const char *seen = demo_tcp_listed(ports.server, ports.client);
	if (!seen)
		demo_skip(narrator, "that TIME_WAIT remains: there is no /proc/net/tcp here");
	return !seen ||
	       demo_claim(narrator, waiting, "its connection remains: /proc/net/tcp says %s", seen);
}

void demo_tcp_time_wait(struct narrator *narrator)
{
	struct sockaddr_in address;
	if (!demo_inet_here(narrator) || !demo_tcp_keeps_time_wait(narrator))
		return;

	demo_say(narrator,
		 "A server serves a client, closes first, and exits. Then it is started again.");
	if (!serve_and_look(narrator, 0, &address))
		return;
	int error = bind_again(narrator, 0, &address);
	demo_claim(narrator, error == EADDRINUSE, "without SO_REUSEADDR, its bind() fails: %s",
		   demo_errno(error));
	demo_show(narrator, "(if it sets SO_REUSEADDR only the second time: %s)",
		  demo_errno(bind_again(narrator, 1, &address)));

	demo_say(narrator, "The same with SO_REUSEADDR set each time, before bind():");
	if (!serve_and_look(narrator, 1, &address))
		return;
	error = bind_again(narrator, 1, &address);
	demo_claim(narrator, error == 0, "with SO_REUSEADDR, its bind() works: %s",
		   demo_errno(error));

	demo_say(narrator,
		 "TIME_WAIT keeps late segments out of a new connection on the same ports.");
	if (demo_number("/proc/sys/net/ipv4/tcp_tw_reuse") != -1) {
		long recycle = demo_number("/proc/sys/net/ipv4/tcp_tw_recycle");
		demo_claim(narrator, recycle == -1,
			   "the sysctl tcp_tw_recycle, which broke clients behind NAT, is gone: %s",
			   recycle == -1 ? "no such file" : "it is here");
	}
}
