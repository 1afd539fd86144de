#include "demos/lane.h"
#include "demos/demo.h"

#include <poll.h>
#include <sys/socket.h>

/*
 * POSIX, recv(): 0 is "the peer has performed an orderly shutdown", and also the length of a
 * message without a byte, where there are messages. A stream has bytes only: nothing added to
 * nothing is nothing.
 */
static void try_lane(const struct lane *lane, struct narrator *narrator)
{
	struct lane_pair pair;
	char buffer[16];
	if (!lane_pair_open(&pair, lane, narrator))
		return;

	ssize_t sent = send(pair.sender, "", 0, MSG_NOSIGNAL);
	struct pollfd arrival = { .fd = pair.receiver, .events = POLLIN };
	int ready = poll(&arrival, 1, lane->socktype == SOCK_STREAM ? 0 : 1000);

	/* A message with content behind it shows whether the empty one takes up a place. */
	send(pair.sender, "next", 4, MSG_NOSIGNAL);
	ssize_t first = recv(pair.receiver, buffer, sizeof(buffer), 0);

	demo_show(narrator, "%-16s send(\"\") = %zd   poll() = %d   send(\"next\")   recv() = %zd",
		  lane->name, sent, ready, first);
	if (lane->socktype == SOCK_STREAM) {
		demo_claim(narrator, sent == 0 && ready == 0 && first == 4,
			   "%s: nothing arrives; the first recv() gives \"next\", 4 bytes: %zd",
			   lane->name, first);
	} else {
		ssize_t second = recv(pair.receiver, buffer, sizeof(buffer), 0);
		demo_claim(narrator, ready == 1 && first == 0 && second == 4,
			   "%s: it arrives, and \"next\" after it: recv() gave %zd, then %zd",
			   lane->name, first, second);
	}
	lane_pair_close(&pair, lane);
}

static void run(struct narrator *narrator)
{
	struct lanes lanes;
	demo_say(narrator,
		 "A message of no bytes is sent, then \"next\". Does the empty one arrive?");
	if (!lanes_open(&lanes, LANES_ALL, narrator))
		return;
	for (size_t i = 0; i < lanes.count; i++)
		try_lane(&lanes.items[i], narrator);
	lanes_close(&lanes);
	demo_say(narrator,
		 "Where messages are kept apart, an empty one is a message. A stream has no");
	demo_say(narrator,
		 "messages, so there recv() = 0 has one meaning left: the peer has ended.");
	demo_say(narrator, "On seqpacket it can mean either; on dgram there is no end to be seen.");
}

const struct demo demo_empty_message = {
	.name = "empty-message",
	.summary = "an empty message is a message, except on a stream",
	.run = run,
};
