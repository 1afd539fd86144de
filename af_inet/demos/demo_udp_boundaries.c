#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

static void story(struct narrator *narrator, int sender, int receiver)
{
	static const char *const messages[] = { "one", "", "three" };

	demo_say(narrator, "Three sends, one of them of nothing at all; each recv() has room for "
			   "all of them:");
	for (int i = 0; i < 3; i++) {
		ssize_t sent = send(sender, messages[i], strlen(messages[i]), MSG_NOSIGNAL);
		demo_show(narrator, "send(\"%s\") = %zd", messages[i], sent);
	}
	for (int i = 0; i < 3; i++) {
		char text[64] = "";
		ssize_t length = (ssize_t)strlen(messages[i]);
		ssize_t got = demo_readable(receiver)
				      ? recv(receiver, text, sizeof(text) - 1, MSG_DONTWAIT)
				      : -1;
		demo_claim(narrator, got == length && strcmp(text, messages[i]) == 0,
			   "one send is one recv(): %zd bytes, \"%s\"", got, text);
	}
	demo_say(narrator, "The 0 in the middle was a datagram, not an end: UDP has no connection "
			   "that could end.");
}

static void run(struct narrator *narrator)
{
	struct demo_pair pair;
	if (!demo_pair_open(narrator, SOCK_DGRAM, &pair))
		return;
	story(narrator, pair.client, pair.server);
	demo_pair_close(&pair);
}

const struct demo demo_udp_boundaries = {
	.name = "udp-boundaries",
	.summary = "a datagram arrives whole and apart, an empty one too",
	.run = run,
};
