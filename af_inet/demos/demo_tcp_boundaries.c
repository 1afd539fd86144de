#include "af_inet/demos/demos.h"

#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

static void story(struct narrator *narrator, struct demo_pair *pair)
{
	const int client = pair->client, server = pair->server;
	static const char *const messages[] = { "one", "two", "three" };
	char text[64] = "", piece[5] = "";

	demo_say(narrator, "Three sends, and then one recv() with room for all of it:");
	for (int i = 0; i < 3; i++) {
		ssize_t sent = send(client, messages[i], strlen(messages[i]), MSG_NOSIGNAL);
		demo_show(narrator, "send(\"%s\") = %zd", messages[i], sent);
	}
	demo_arrived(server, 11);
	ssize_t got = recv(server, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_show(narrator, "recv() = %zd: \"%s\"", got, text);
	demo_claim(narrator, strcmp(text, "onetwothree") == 0,
		   "three messages went in, one piece comes out: \"%s\"", text);

	demo_say(narrator, "One send, and a recv() with room for four bytes:");
	if (!demo_must(narrator, send(client, "eleven", 6, MSG_NOSIGNAL), "send"))
		return;
	demo_arrived(server, 6);
	got = recv(server, piece, 4, MSG_DONTWAIT);
	demo_claim(narrator, got == 4 && strcmp(piece, "elev") == 0,
		   "one message went in, a part of it comes out: \"%s\"", piece);
	memset(piece, 0, sizeof(piece));
	got = recv(server, piece, 4, MSG_DONTWAIT);
	demo_claim(narrator, got == 2 && strcmp(piece, "en") == 0,
		   "nothing is lost: the rest comes with the next recv(): \"%s\"", piece);
	demo_say(narrator, "So a protocol over TCP must say where its messages end, by their "
			   "length in front or a mark at the end (a newline); and a reader "
			   "collects until it has a whole one.");
}

void demo_tcp_boundaries(struct narrator *narrator)
{
	demo_with_pair(narrator, SOCK_STREAM, story);
}
