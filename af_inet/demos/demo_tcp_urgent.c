#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* "ab", an urgent "c", "de", and the end. */
static bool send_all(struct narrator *narrator, int client)
{
	return demo_must(narrator, send(client, "ab", 2, MSG_NOSIGNAL), "send") &&
	       demo_must(narrator, send(client, "c", 1, MSG_OOB | MSG_NOSIGNAL), "send") &&
	       demo_must(narrator, send(client, "de", 2, MSG_NOSIGNAL), "send") &&
	       demo_must(narrator, shutdown(client, SHUT_WR), "shutdown");
}

/* Collects what recv() gives, and says where the mark was. Returns whether the end came. */
static bool read_all(struct narrator *narrator, int server, char text[16])
{
	size_t length = 0;
	memset(text, 0, 16);
	while (length < 15 && demo_readable(server)) {
		int at_mark = sockatmark(server);
		ssize_t got = recv(server, text + length, 15 - length, 0);
		if (got <= 0)
			return got == 0;
		demo_show(narrator, "recv() = %zd: \"%s\"%s", got, text + length,
			  at_mark == 1 ? ", after the mark" : "");
		length += (size_t)got;
	}
	return false;
}

static void show_apart(struct narrator *narrator, struct demo_pair *pair)
{
	char text[16], urgent = '?';
	struct pollfd waiting = { .fd = pair->server, .events = POLLPRI };

	demo_say(narrator, "\"ab\", then \"c\" with MSG_OOB, then \"de\": TCP marks where the "
			   "urgent byte is.");
	if (!send_all(narrator, pair->client))
		return;
	demo_await(pair->server, POLLPRI);
	int ready = poll(&waiting, 1, 0);
	demo_claim(narrator, ready == 1 && waiting.revents & POLLPRI,
		   "poll() reports it as POLLPRI: %s",
		   ready == 1 && waiting.revents & POLLPRI ? "it does" : "it does not");
	ssize_t got = recv(pair->server, &urgent, 1, MSG_OOB);
	demo_claim(narrator, got == 1 && urgent == 'c',
		   "recv(MSG_OOB) gives it ahead of what was sent before it: '%c'", urgent);
	bool ended = read_all(narrator, pair->server, text);
	demo_claim(narrator, ended && strcmp(text, "abde") == 0,
		   "plain reading leaves it out: \"%s\", and then %s", text,
		   ended ? "the end" : "no end");
}

static void show_inline(struct narrator *narrator, struct demo_pair *pair)
{
	char text[16];
	int on = 1;

	demo_say(narrator, "The same with SO_OOBINLINE at the receiver:");
	if (!demo_must(narrator,
		       setsockopt(pair->server, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)),
		       "SO_OOBINLINE") ||
	    !send_all(narrator, pair->client))
		return;
	bool ended = read_all(narrator, pair->server, text);
	demo_claim(narrator, ended && strcmp(text, "abcde") == 0,
		   "it stays in its place: \"%s\", and then %s", text,
		   ended ? "the end" : "no end");
	ssize_t got = recv(pair->server, text, 1, MSG_OOB);
	demo_claim(narrator, got == -1 && errno == EINVAL, "recv(MSG_OOB) has nothing to give: %s",
		   demo_errno(demo_error(got)));
	demo_say(narrator, "Either way, one recv() never reaches across the mark. New protocols "
			   "should not use it (RFC 6093): there is at most one urgent byte, and "
			   "firewalls clear the mark.");
}

void demo_tcp_urgent(struct narrator *narrator)
{
	if (!demo_inet_here(narrator))
		return;
	demo_with_pair(narrator, SOCK_STREAM, show_apart);
	demo_with_pair(narrator, SOCK_STREAM, show_inline);
}
