#include "demos/lane.h"
#include "demos/demo.h"

#include <string.h>
#include <sys/socket.h>

static bool has_all(void *receiver)
{
	char buffer[64];
	return recv(*(int *)receiver, buffer, sizeof(buffer), MSG_PEEK | MSG_DONTWAIT) == 9;
}

/*
 * Both messages are there before the first recv(), and the buffer has room for both: how many it
 * takes is the socket type's choice alone.
 */
static void try_lane(const struct lane *lane, struct narrator *narrator)
{
	struct lane_pair pair;
	char buffer[64], both[] = "onethree!";
	size_t length = 0;
	int receives = 0;
	if (!lane_pair_open(&pair, lane, narrator))
		return;

	send(pair.sender, "one", 3, MSG_NOSIGNAL);
	send(pair.sender, "three!", 6, MSG_NOSIGNAL);
	if (lane->socktype == SOCK_STREAM)
		demo_eventually(has_all, &pair.receiver);
	while (length < strlen(both)) {
		char *end = buffer + length;
		ssize_t count = recv(pair.receiver, end, sizeof(buffer) - length, 0);
		if (count <= 0)
			break;
		receives++;
		demo_show(narrator, "%-16s recv() = %zd  \"%.*s\"", lane->name, count, (int)count,
			  end);
		length += (size_t)count;
	}
	bool whole = length == strlen(both) && memcmp(buffer, both, length) == 0;
	int expected = lane->socktype == SOCK_STREAM ? 1 : 2;
	demo_claim(narrator, whole && receives == expected,
		   "%s: the 9 bytes take %d recv(): %zu came, by %d", lane->name, expected, length,
		   receives);
	lane_pair_close(&pair, lane);
}

static void run(struct narrator *narrator)
{
	struct lanes lanes;
	demo_say(narrator,
		 "A sender calls send() twice: \"one\", then \"three!\". Only then does the");
	demo_say(narrator, "receiver call recv(), with a buffer that has room for both.");
	if (!lanes_open(&lanes, LANES_ALL, narrator))
		return;
	for (size_t i = 0; i < lanes.count; i++)
		try_lane(&lanes.items[i], narrator);
	lanes_close(&lanes);
	demo_say(narrator,
		 "A stream is bytes in order, and where one send() ended is forgotten. Who");
	demo_say(narrator,
		 "needs messages on it marks their ends: by a length before, a newline behind.");
	demo_say(narrator, "dgram and seqpacket give back one message for each recv().");
}

const struct demo demo_boundaries = {
	.name = "boundaries",
	.summary = "two sends: one receive on a stream, two elsewhere",
	.run = run,
};
