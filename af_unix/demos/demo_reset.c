#include "demos/demo.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void careless(struct narrator *narrator)
{
	int ends[2];
	char text[16] = "";
	if (!demo_must(narrator, socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair"))
		return;
	int client = ends[0], server = ends[1];
	demo_say(narrator, "A server answers, and closes while a line of the client lies unread:");
	demo_show(narrator, "client --- \"unread\" ---> server");
	demo_show(narrator, "client <--- \"answer\" ---  server, then close()");
	send(client, "unread", 6, MSG_NOSIGNAL);
	send(server, "answer", 6, MSG_NOSIGNAL);
	close(server);
	recv(client, text, 6, MSG_DONTWAIT);
	demo_show(narrator, "client: recv: \"%s\"", text);
	ssize_t got = recv(client, text, sizeof(text), MSG_DONTWAIT);
	int said = got == -1 ? errno : 0;
	demo_claim(narrator, got == -1 && said == ECONNRESET,
		   "the client gets a reset instead of the end: recv gave %zd, %s", got,
		   demo_errno(said));
	demo_say(narrator, "That is on purpose: it tells the client that not all was read.");
	close(client);
}

static void orderly(struct narrator *narrator)
{
	int ends[2];
	char text[16] = "";
	if (!demo_must(narrator, socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair"))
		return;
	int client = ends[0], server = ends[1];
	demo_say(narrator, "The orderly way: end your own direction, read to the end, then close.");
	send(client, "unread", 6, MSG_NOSIGNAL);
	send(server, "answer", 6, MSG_NOSIGNAL);
	demo_must(narrator, shutdown(server, SHUT_WR), "shutdown");
	demo_show(narrator, "server: shutdown(SHUT_WR)");
	recv(client, text, 6, MSG_DONTWAIT);
	demo_show(narrator, "client: recv: \"%s\"", text);
	ssize_t got = recv(client, text, sizeof(text), MSG_DONTWAIT);
	int said = got == -1 ? errno : 0;
	demo_claim(narrator, got == 0, "the client sees the end: recv gave %zd, %s", got,
		   demo_errno(said));
	close(client);
	memset(text, 0, sizeof(text));
	got = recv(server, text, sizeof(text) - 1, MSG_DONTWAIT);
	ssize_t end = recv(server, text + 6, sizeof(text) - 7, MSG_DONTWAIT);
	said = end == -1 ? errno : 0;
	demo_claim(narrator, got == 6 && end == 0,
		   "the server has read all, \"%s\", and sees the end too: recv gave %zd, %s", text,
		   end, demo_errno(said));
	close(server);
	demo_say(narrator, "TCP does the same, with a RST segment on the wire.");
}

static void run(struct narrator *narrator)
{
	careless(narrator);
	orderly(narrator);
}

const struct demo demo_reset = {
	.name = "unix-reset",
	.summary = "close() on unread bytes resets the peer",
	.run = run,
};
