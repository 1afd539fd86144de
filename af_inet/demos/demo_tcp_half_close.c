#include "af_inet/demos/demos.h"

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

static void story(struct narrator *narrator, struct demo_pair *pair)
{
	const int client = pair->client, server = pair->server;
	char request[64], reply[64] = "";

	demo_show(narrator, "client  ---- request ---->  server");
	demo_show(narrator, "        ------ FIN ------>          shutdown(SHUT_WR)");
	demo_show(narrator, "        <---- answer -----");
	demo_show(narrator, "        <----- FIN -------");
	demo_say(narrator,
		 "The client does not know beforehand how long its input is, as with `sort`: it "
		 "sends, then closes only its sending side: shutdown(SHUT_WR) sends a FIN.");
	if (!demo_must(narrator, send(client, "pears ", 6, MSG_NOSIGNAL), "send") ||
	    !demo_must(narrator, send(client, "apples", 6, MSG_NOSIGNAL), "send") ||
	    !demo_must(narrator, shutdown(client, SHUT_WR), "shutdown"))
		return;

	ssize_t length = read_to_end(server, request, sizeof(request));
	demo_claim(narrator, length == 12 && memcmp(request, "pears apples", 12) == 0,
		   "the server reads all of it, then the end: %zd bytes, recv() = 0", length);
	demo_say(narrator, "The other direction is still open: now the server can answer.");
	ssize_t sent = send(server, "apples pears", 12, MSG_NOSIGNAL);
	demo_claim(narrator, sent == 12,
		   "the server can still send after reading the end: send() = %zd", sent);
	if (!demo_must(narrator, shutdown(server, SHUT_WR), "shutdown"))
		return;

	length = read_to_end(client, reply, sizeof(reply) - 1);
	demo_claim(narrator, strcmp(reply, "apples pears") == 0,
		   "the client still receives after closing its side: '%s', %zd bytes", reply,
		   length);
	sent = send(client, "more", 4, MSG_NOSIGNAL);
	demo_claim(narrator, sent == -1 && errno == EPIPE,
		   "the one thing that the client can no longer do is send: %s",
		   demo_errno(demo_error(sent)));
}

void demo_tcp_half_close(struct narrator *narrator)
{
	demo_with_pair(narrator, SOCK_STREAM, story);
}
