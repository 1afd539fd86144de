#include "demos/demos.h"

#include "demos/lane.h"

#include <string.h>
#include <sys/socket.h>

/*
 * Both messages are there before the first recv(), and the buffer has room for both: how many it
 * takes is up to the socket's type alone.
 */
static void try_lane(struct narrator *narrator, const struct demo_lane *lane,
		     struct demo_pair *pair)
{
	const char both[] = "onethree!";
	char buffer[64];
	size_t length = 0;
	int receives = 0;
	send(pair->client, "one", 3, MSG_NOSIGNAL);
	send(pair->client, "three!", 6, MSG_NOSIGNAL);
	if (lane->socktype == SOCK_STREAM)
		demo_arrived(pair->server, strlen(both));
	while (length < strlen(both)) {
		char *end = buffer + length;
		ssize_t count = demo_receive(pair->server, end, sizeof(buffer) - length, 0);
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
		   "%s: the 9 bytes take %d recv(): %zu came, in %d", lane->name, expected, length,
		   receives);
}

void demo_boundaries(struct narrator *narrator)
{
	demo_say(narrator, "The client calls send() twice: \"one\", then \"three!\". Only then "
			   "does the server call recv(), with a buffer that has room for both.");
	if (!demo_each_pair(narrator, DEMO_ALL_TYPES, try_lane))
		return;
	demo_say(narrator,
		 "A stream is bytes in order; where one send() ended is forgotten. A program that "
		 "needs messages on it marks their ends itself: by a length in front, or a newline "
		 "at the end. dgram and seqpacket hand over one message with each recv().");
}
