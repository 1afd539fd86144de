#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void show_forced(struct narrator *narrator, struct demo_pair *pair)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	char byte;

	demo_say(narrator, "With SO_LINGER set to 0 seconds, close() sends a RST instead of a FIN, "
			   "and the connection is gone.");
	if (!demo_must(narrator,
		       setsockopt(pair->client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
		       "SO_LINGER"))
		return;
	close(pair->client);
	pair->client = -1;
	demo_readable(pair->server);
	int first = demo_error(recv(pair->server, &byte, 1, MSG_DONTWAIT));
	demo_claim(narrator, first == ECONNRESET, "the peer's recv() fails: %s", demo_errno(first));
	ssize_t again = recv(pair->server, &byte, 1, MSG_DONTWAIT);
	demo_claim(narrator, again == 0,
		   "the error is reported once, and then it is the end: recv() = %zd", again);
	int sent = demo_error(send(pair->server, "x", 1, MSG_NOSIGNAL));
	demo_claim(narrator, sent == EPIPE, "the peer's send() fails: %s", demo_errno(sent));
}

static void show_unread(struct narrator *narrator, struct demo_pair *pair)
{
	char answer[3];
	demo_say(narrator, "A server answers and closes with data unread: that close() sends a "
			   "RST, too (RFC 2525, 2.17).");
	if (!demo_must(narrator, send(pair->client, "abc", 3, MSG_NOSIGNAL), "send") ||
	    !demo_readable(pair->server) ||
	    !demo_must(narrator, send(pair->server, "bye", 3, MSG_NOSIGNAL), "send"))
		return;
	close(pair->server);
	pair->server = -1;
	demo_readable(pair->client);
	ssize_t got = recv(pair->client, answer, sizeof(answer), MSG_DONTWAIT);
	demo_show(narrator, "the client reads the answer, which Linux keeps for it: recv() = %zd",
		  got);
	demo_readable(pair->client);
	int read = demo_error(recv(pair->client, answer, 1, MSG_DONTWAIT));
	demo_claim(narrator, read == ECONNRESET, "but then not the end: recv() fails: %s",
		   demo_errno(read));
	int sent = demo_error(send(pair->client, "d", 1, MSG_NOSIGNAL));
	demo_claim(narrator, sent == EPIPE, "and so does send(): %s", demo_errno(sent));
	demo_say(narrator,
		 "Other systems may throw the answer away (RFC 9293, 3.10.7.4: flush the queues). "
		 "The right way is shutdown(SHUT_WR), reading to the end, and only then close().");
}

static void show_late(struct narrator *narrator, struct demo_pair *pair)
{
	char byte;
	demo_say(narrator,
		 "An orderly close() sends a FIN. The peer may not know that nobody reads now:");
	close(pair->server);
	pair->server = -1;
	ssize_t got = demo_readable(pair->client) ? recv(pair->client, &byte, 1, 0) : -1;
	demo_claim(narrator, got == 0, "the client reads the end: recv() = %zd", got);
	int first = demo_error(send(pair->client, "x", 1, MSG_NOSIGNAL));
	demo_claim(narrator, first == 0,
		   "its first send() still works, and is answered by a RST: %s", demo_errno(first));
	int second = demo_error(send(pair->client, "x", 1, MSG_NOSIGNAL));
	demo_claim(narrator, second == EPIPE,
		   "the second fails, with SIGPIPE unless MSG_NOSIGNAL prevents it: %s",
		   demo_errno(second));
}

void demo_tcp_reset(struct narrator *narrator)
{
	if (!demo_inet_here(narrator))
		return;
	demo_with_pair(narrator, SOCK_STREAM, show_forced);
	demo_with_pair(narrator, SOCK_STREAM, show_unread);
	demo_with_pair(narrator, SOCK_STREAM, show_late);
}
