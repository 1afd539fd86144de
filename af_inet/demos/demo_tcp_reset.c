#include "demos/sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* 0, or what the call that returned RESULT set errno to. */
static int error_of(ssize_t result)
{
	return result == -1 ? errno : 0;
}

static void show_forced(struct narrator *narrator, struct demo_pair *pair)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	char byte;

	demo_say(narrator, "SO_LINGER with 0 seconds: close() sends no FIN but a RST; the "
			   "connection is gone.");
	if (!demo_must(narrator,
		       setsockopt(pair->client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
		       "SO_LINGER"))
		return;
	close(pair->client);
	pair->client = -1;
	demo_readable(pair->server);
	int first = error_of(recv(pair->server, &byte, 1, MSG_DONTWAIT));
	demo_claim(narrator, first == ECONNRESET, "the peer's recv() fails: %s", demo_errno(first));
	ssize_t again = recv(pair->server, &byte, 1, MSG_DONTWAIT);
	demo_claim(narrator, again == 0, "the error is told once, then it is the end: recv() = %zd",
		   again);
	int sent = error_of(send(pair->server, "x", 1, MSG_NOSIGNAL));
	demo_claim(narrator, sent == EPIPE, "the peer's send() fails: %s", demo_errno(sent));
}

static void show_unread(struct narrator *narrator, struct demo_pair *pair)
{
	char answer[3];
	demo_say(narrator, "A server answers and closes, with data unread: close() sends a RST, "
			   "too (RFC 2525, 2.17).");
	if (!demo_must(narrator, (int)send(pair->client, "abc", 3, MSG_NOSIGNAL), "send") ||
	    !demo_readable(pair->server) ||
	    !demo_must(narrator, (int)send(pair->server, "bye", 3, MSG_NOSIGNAL), "send"))
		return;
	close(pair->server);
	pair->server = -1;
	demo_readable(pair->client);
	ssize_t got = recv(pair->client, answer, sizeof(answer), MSG_DONTWAIT);
	demo_show(narrator, "the client reads the answer, which Linux keeps for it: recv() = %zd",
		  got);
	demo_readable(pair->client);
	int read = error_of(recv(pair->client, answer, 1, MSG_DONTWAIT));
	demo_claim(narrator, read == ECONNRESET, "no end comes behind it, recv() fails: %s",
		   demo_errno(read));
	int sent = error_of(send(pair->client, "d", 1, MSG_NOSIGNAL));
	demo_claim(narrator, sent == EPIPE, "and so does send(): %s", demo_errno(sent));
	demo_say(narrator, "Other systems may throw the answer away (RFC 9293, 3.10.7.4: queues "
			   "are flushed).");
	demo_say(narrator, "The cure: shutdown(SHUT_WR), read up to the end, and only then "
			   "close().");
}

static void show_late(struct narrator *narrator, struct demo_pair *pair)
{
	char byte;
	demo_say(narrator, "An orderly close(): a FIN. The peer may not know that nobody reads any "
			   "more.");
	close(pair->server);
	pair->server = -1;
	ssize_t got = demo_readable(pair->client) ? recv(pair->client, &byte, 1, 0) : -1;
	demo_claim(narrator, got == 0, "the client reads the end: recv() = %zd", got);
	int first = error_of(send(pair->client, "x", 1, MSG_NOSIGNAL));
	demo_claim(narrator, first == 0,
		   "its first send() still works, and is answered by a RST: %s", demo_errno(first));
	int second = error_of(send(pair->client, "x", 1, MSG_NOSIGNAL));
	demo_claim(narrator, second == EPIPE,
		   "the second fails, with SIGPIPE if MSG_NOSIGNAL does not forbid it: %s",
		   demo_errno(second));
}

static void run(struct narrator *narrator)
{
	void (*const scenes[])(struct narrator *, struct demo_pair *) = { show_forced, show_unread,
									  show_late };
	for (size_t i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		struct demo_pair pair;
		if (!demo_pair_open(narrator, SOCK_STREAM, &pair))
			return;
		scenes[i](narrator, &pair);
		demo_pair_close(&pair);
	}
}

const struct demo demo_tcp_reset = {
	.name = "tcp-reset",
	.summary = "a RST ends both directions at once: ECONNRESET, EPIPE",
	.run = run,
};
