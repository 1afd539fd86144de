#include "af_inet/demos/demos.h"

#include "demos/sockets.h"
#include "demos/tcp.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST (256U << 20) /* bytes: more than the buffers of any system hold */

static char bytes[16384];

/* Sends until the peer's receive buffer and our own send buffer are full. */
static bool fill(struct narrator *narrator, int fd)
{
	size_t all = 0;
	ssize_t sent = 1;
	while (sent > 0 && all < MOST) {
		sent = send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL);
		all += sent > 0 ? (size_t)sent : 0;
	}
	int number = demo_error(sent);
	return demo_claim(narrator, number == EAGAIN,
			  "both buffers fill up, and send() says EAGAIN: after %zu bytes, %s", all,
			  demo_errno(number));
}

/* Reads up to the end of file. */
static bool drain(struct narrator *narrator, int fd)
{
	ssize_t got = 1;
	while (got > 0 && demo_readable(fd))
		got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	return demo_claim(narrator, got == 0, "the reader reaches the end: recv() = %zd", got);
}

struct expected {
	uint16_t local, remote;
	const char *state;
};

static bool is_listed(void *context)
{
	const struct expected *expected = context;
	return strcmp(demo_tcp_listed(expected->local, expected->remote), expected->state) == 0;
}

static void claim_state(struct narrator *narrator, const char *whose, uint16_t local,
			uint16_t remote, const char *state)
{
	struct expected expected = { local, remote, state };
	bool holds = demo_eventually(is_listed, &expected);
	demo_claim(narrator, holds, "the %s is in %s: /proc/net/tcp says %s", whose, state,
		   demo_tcp_listed(local, remote));
}

static void show_diagram(struct narrator *narrator)
{
	demo_say(narrator,
		 "Each direction closes on its own, by a FIN and its ACK (RFC 9293, 3.6):");
	demo_show(narrator, "first to close                   second to close");
	demo_show(narrator, "FIN_WAIT_1   ------- FIN ------>");
	demo_show(narrator, "FIN_WAIT_2   <------ ACK -------  CLOSE_WAIT   recv() gives 0");
	demo_show(narrator, "             <------ FIN -------  LAST_ACK     it closes, too");
	demo_show(narrator, "TIME_WAIT    ------- ACK ------>  (gone)");
}

static void story(struct narrator *narrator, struct demo_pair *pair)
{
	uint16_t client = demo_port(pair->client), server = demo_port(pair->server);

	show_diagram(narrator);
	demo_say(narrator, "FIN_WAIT_1 and LAST_ACK last until the FIN is acknowledged, which "
			   "takes no time at all here. So each FIN is made to wait behind data "
			   "that the peer has no room for.");
	if (!fill(narrator, pair->client) ||
	    !demo_must(narrator, shutdown(pair->client, SHUT_WR), "shutdown"))
		return;
	claim_state(narrator, "first to close", client, server, "FIN_WAIT_1");
	if (!drain(narrator, pair->server))
		return;
	claim_state(narrator, "first", client, server, "FIN_WAIT_2");
	claim_state(narrator, "second", server, client, "CLOSE_WAIT");

	demo_say(narrator, "CLOSE_WAIT lasts until the second one closes. A program that forgets "
			   "to close collects many of them.");
	if (!fill(narrator, pair->server) ||
	    !demo_must(narrator, shutdown(pair->server, SHUT_WR), "shutdown"))
		return;
	claim_state(narrator, "second", server, client, "LAST_ACK");
	if (!drain(narrator, pair->client))
		return;
	struct expected gone = { server, client, "none" };
	demo_claim(narrator, demo_eventually(is_listed, &gone),
		   "the second, its FIN acknowledged, is gone: /proc/net/tcp has %s",
		   demo_tcp_listed(server, client));

	close(pair->client);
	pair->client = -1;
	if (!demo_tcp_keeps_time_wait(narrator))
		return;
	claim_state(narrator, "first, though no process holds it,", client, server, "TIME_WAIT");
	demo_show(narrator, "it stays there for another %.1f s, says /proc/net/tcp",
		  demo_tcp_timer(client, server));
	demo_say(narrator, "If the last ACK is lost, the FIN is sent again and must be answered.");
}

void demo_tcp_teardown(struct narrator *narrator)
{
	if (demo_tcp_listed(0, 0))
		demo_with_pair(narrator, SOCK_STREAM, story);
	else
		demo_skip(narrator, "there is no /proc/net/tcp, where Linux lists TCP's states");
}
