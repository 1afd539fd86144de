#include "af_unix/demos/demos.h"

#include "demos/sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void careless(struct narrator *narrator)
{
	struct demo_pair pair;
	char text[16] = "";
	if (!demo_pair_unix(narrator, SOCK_STREAM, &pair))
		return;
	demo_say(narrator,
		 "A server answers, and closes while a line from the client is still unread:");
	demo_show(narrator, "client --- \"unread\" ---> server");
	demo_show(narrator, "client <--- \"answer\" ---  server, then close()");
	send(pair.client, "unread", 6, MSG_NOSIGNAL);
	send(pair.server, "answer", 6, MSG_NOSIGNAL);
	close(pair.server);
	pair.server = -1;
	recv(pair.client, text, 6, MSG_DONTWAIT);
	demo_show(narrator, "client: recv: \"%s\"", text);
	ssize_t got = recv(pair.client, text, sizeof(text), MSG_DONTWAIT);
	int said = demo_error(got);
	demo_claim(narrator, got == -1 && said == ECONNRESET,
		   "the client gets a reset instead of the end: recv() = %zd, %s", got,
		   demo_errno(said));
	demo_say(narrator, "That is on purpose: it tells the client that not all was read.");
	demo_pair_close(&pair);
}

static void orderly(struct narrator *narrator)
{
	struct demo_pair pair;
	char text[16] = "";
	if (!demo_pair_unix(narrator, SOCK_STREAM, &pair))
		return;
	demo_say(narrator, "The orderly way: end your own direction, read to the end, then close.");
	send(pair.client, "unread", 6, MSG_NOSIGNAL);
	send(pair.server, "answer", 6, MSG_NOSIGNAL);
	demo_must(narrator, shutdown(pair.server, SHUT_WR), "shutdown");
	demo_show(narrator, "server: shutdown(SHUT_WR)");
	recv(pair.client, text, 6, MSG_DONTWAIT);
	demo_show(narrator, "client: recv: \"%s\"", text);
	ssize_t got = recv(pair.client, text, sizeof(text), MSG_DONTWAIT);
	int said = demo_error(got);
	demo_claim(narrator, got == 0, "the client sees the end: recv() = %zd, %s", got,
		   demo_errno(said));
	close(pair.client);
	pair.client = -1;
	memset(text, 0, sizeof(text));
	got = recv(pair.server, text, sizeof(text) - 1, MSG_DONTWAIT);
	ssize_t end = recv(pair.server, text + 6, sizeof(text) - 7, MSG_DONTWAIT);
	said = demo_error(end);
	demo_claim(narrator, got == 6 && end == 0,
		   "the server has read it all, \"%s\", and sees the end too: recv() = %zd, %s",
		   text, end, demo_errno(said));
	demo_say(narrator, "TCP does the same, with a RST segment on the wire.");
	demo_pair_close(&pair);
}

void demo_reset(struct narrator *narrator)
{
	careless(narrator);
	orderly(narrator);
}
