#include "demos/sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Reads up to the end of file; returns how many bytes came, or -1. */
static ssize_t read_to_end(int fd, char *text, size_t size)
{
	size_t length = 0;
	while (length < size && demo_readable(fd)) {
		ssize_t got = recv(fd, text + length, size - length, 0);
		if (got == -1)
			return -1;
		if (got == 0)
			return (ssize_t)length;
		length += (size_t)got;
	}
	return -1;
}

static void story(struct narrator *narrator, int client, int server)
{
	char request[64], reply[64] = "";

	demo_say(narrator, "The client does not know the length of its input beforehand, as in "
			   "`sort`:");
	demo_say(narrator, "it sends, then closes its sending side only, shutdown(SHUT_WR). That "
			   "sends a FIN.");
	if (!demo_must(narrator, (int)send(client, "pears ", 6, MSG_NOSIGNAL), "send") ||
	    !demo_must(narrator, (int)send(client, "apples", 6, MSG_NOSIGNAL), "send") ||
	    !demo_must(narrator, shutdown(client, SHUT_WR), "shutdown"))
		return;

	ssize_t length = read_to_end(server, request, sizeof(request));
	demo_claim(narrator, length == 12 && memcmp(request, "pears apples", 12) == 0,
		   "the server reads all of it, then the end: %zd bytes, recv() = 0", length);
	demo_say(narrator, "The other direction is still open: now the server can answer.");
	ssize_t sent = send(server, "apples pears", 12, MSG_NOSIGNAL);
	demo_claim(narrator, sent == 12,
		   "the server still sends after it read the end: send() = %zd", sent);
	if (!demo_must(narrator, shutdown(server, SHUT_WR), "shutdown"))
		return;

	length = read_to_end(client, reply, sizeof(reply) - 1);
	demo_claim(narrator, strcmp(reply, "apples pears") == 0,
		   "the client still receives after it closed its side: '%s', %zd bytes", reply,
		   length);
	sent = send(client, "more", 4, MSG_NOSIGNAL);
	demo_claim(narrator, sent == -1 && errno == EPIPE,
		   "sending is what the client can no longer do: %s",
		   demo_errno(sent == -1 ? errno : 0));
}

static void run(struct narrator *narrator)
{
	struct demo_pair pair;
	if (!demo_pair_open(narrator, SOCK_STREAM, &pair))
		return;
	demo_show(narrator, "client  ---- request ---->  server");
	demo_show(narrator, "        ------ FIN ------>          shutdown(SHUT_WR)");
	demo_show(narrator, "        <---- answer -----");
	demo_show(narrator, "        <----- FIN -------");
	story(narrator, pair.client, pair.server);
	demo_pair_close(&pair);
}

const struct demo demo_tcp_half_close = {
	.name = "tcp-half-close",
	.summary = "one direction ends, the other goes on",
	.run = run,
};
