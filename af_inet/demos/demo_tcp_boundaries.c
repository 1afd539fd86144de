#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

struct awaited {
	int fd;
	ssize_t bytes;
};

static bool has_come(void *context)
{
	const struct awaited *awaited = context;
	char text[64];
	return recv(awaited->fd, text, sizeof(text), MSG_PEEK | MSG_DONTWAIT) == awaited->bytes;
}

static void story(struct narrator *narrator, int client, int server)
{
	static const char *const messages[] = { "one", "two", "three" };
	char text[64] = "", piece[5] = "";
	struct awaited all = { .fd = server, .bytes = 11 };

	demo_say(narrator, "Three sends, and then one recv() with room for all:");
	for (int i = 0; i < 3; i++) {
		ssize_t sent = send(client, messages[i], strlen(messages[i]), MSG_NOSIGNAL);
		demo_show(narrator, "send(\"%s\") = %zd", messages[i], sent);
	}
	demo_eventually(has_come, &all);
	ssize_t got = recv(server, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_show(narrator, "recv() = %zd: \"%s\"", got, text);
	demo_claim(narrator, strcmp(text, "onetwothree") == 0,
		   "three messages went in, one piece came out: \"%s\"", text);

	demo_say(narrator, "One send, and a recv() with room for four bytes:");
	if (!demo_must(narrator, (int)send(client, "eleven", 6, MSG_NOSIGNAL), "send"))
		return;
	all.bytes = 6;
	demo_eventually(has_come, &all);
	got = recv(server, piece, 4, MSG_DONTWAIT);
	demo_claim(narrator, got == 4 && strcmp(piece, "elev") == 0,
		   "one message went in, a part came out: \"%s\"", piece);
	memset(piece, 0, sizeof(piece));
	got = recv(server, piece, 4, MSG_DONTWAIT);
	demo_claim(narrator, got == 2 && strcmp(piece, "en") == 0,
		   "nothing is lost, the rest comes with the next recv(): \"%s\"", piece);
	demo_say(narrator, "So a protocol on TCP says itself where its messages end: with their "
			   "length before them,");
	demo_say(narrator, "or a mark behind them (a newline); and a reader collects until it has "
			   "one whole.");
}

static void run(struct narrator *narrator)
{
	struct demo_pair pair;
	if (!demo_pair_open(narrator, SOCK_STREAM, &pair))
		return;
	story(narrator, pair.client, pair.server);
	demo_pair_close(&pair);
}

const struct demo demo_tcp_boundaries = {
	.name = "tcp-boundaries",
	.summary = "a stream of bytes has no messages in it",
	.run = run,
};
