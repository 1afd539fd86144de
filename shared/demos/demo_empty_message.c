#include "demos/demos.h"

#include "demos/lane.h"

#include <poll.h>
#include <sys/socket.h>

/*
 * POSIX, recv(): 0 is "the peer has performed an orderly shutdown", and also the length of a
 * message without a byte, where there are messages. A stream has bytes only: nothing added to
 * nothing is nothing.
 */
static void try_lane(struct narrator *narrator, const struct demo_lane *lane,
		     struct demo_pair *pair)
{
	char buffer[16];
	ssize_t sent = send(pair->client, "", 0, MSG_NOSIGNAL);
	struct pollfd arrival = { .fd = pair->server, .events = POLLIN };
	if (lane->socktype != SOCK_STREAM)
		demo_readable(pair->server);
	int ready = poll(&arrival, 1, 0);

	/* A message with content, sent next, shows whether the empty one takes up a place. */
	send(pair->client, "next", 4, MSG_NOSIGNAL);
	ssize_t first = demo_receive(pair->server, buffer, sizeof(buffer), 0);

	demo_show(narrator, "%-16s send(\"\") = %zd   poll() = %d   send(\"next\")   recv() = %zd",
		  lane->name, sent, ready, first);
	if (lane->socktype == SOCK_STREAM) {
		demo_claim(narrator, sent == 0 && ready == 0 && first == 4,
			   "%s: nothing arrives; the first recv() returns \"next\", 4 bytes: %zd",
			   lane->name, first);
	} else {
		ssize_t second = demo_receive(pair->server, buffer, sizeof(buffer), 0);
		demo_claim(narrator, ready == 1 && first == 0 && second == 4,
			   "%s: it arrives, and \"next\" after it: recv() = %zd, then %zd",
			   lane->name, first, second);
	}
}

void demo_empty_message(struct narrator *narrator)
{
	demo_say(narrator,
		 "A message of no bytes is sent, then \"next\". Does the empty one arrive?");
	if (!demo_each_pair(narrator, DEMO_ALL_TYPES, try_lane))
		return;
	demo_say(narrator,
		 "Where messages are kept apart, an empty one is a message. A stream has no "
		 "messages, so there recv() = 0 can only mean that the peer has ended. On "
		 "seqpacket it can mean either; on dgram there is no end to be seen.");
}
