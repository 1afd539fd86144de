#include "af_inet/demos/demos.h"

#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

static void story(struct narrator *narrator, struct demo_pair *pair)
{
	static const char *const messages[] = { "one", "", "three" };

	demo_say(narrator,
		 "Three sends, one of no bytes at all; each recv() has room for all three:");
	for (int i = 0; i < 3; i++) {
		ssize_t sent = send(pair->client, messages[i], strlen(messages[i]), MSG_NOSIGNAL);
		demo_show(narrator, "send(\"%s\") = %zd", messages[i], sent);
	}
	for (int i = 0; i < 3; i++) {
		char text[64] = "";
		ssize_t length = (ssize_t)strlen(messages[i]);
		ssize_t got = demo_readable(pair->server)
				      ? recv(pair->server, text, sizeof(text) - 1, MSG_DONTWAIT)
				      : -1;
		demo_claim(narrator, got == length && strcmp(text, messages[i]) == 0,
			   "one send is one recv(): %zd bytes, \"%s\"", got, text);
	}
	demo_say(narrator,
		 "The 0 in the middle is a datagram, not an end: UDP has no connection to end.");
}

void demo_udp_boundaries(struct narrator *narrator)
{
	demo_with_pair(narrator, SOCK_DGRAM, story);
}
