#include "demos/demos.h"

#include "demos/lane.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* What a server does with each connection: it sends back what comes, until recv() returns 0. */
static ssize_t answer_one(int server)
{
	char buffer[64];
	ssize_t count = demo_receive(server, buffer, sizeof(buffer), 0);
	if (count > 0)
		send(server, buffer, (size_t)count, MSG_NOSIGNAL);
	return count;
}

static bool converse(struct narrator *narrator, const struct demo_lane *lane,
		     const struct demo_pair *pair, const char *message)
{
	char reply[64];
	size_t length = strlen(message);
	send(pair->client, message, length, MSG_NOSIGNAL);
	answer_one(pair->server);
	ssize_t count = demo_receive(pair->client, reply, sizeof(reply), 0);
	if (lane->first) {
		demo_show(narrator, "client  send(\"%s\")%*s ----->  recv() = %zu  server", message,
			  (int)(6 - length), "", length);
		demo_show(narrator, "client  recv() = %zd     <-----  send(\"%.*s\")", count,
			  count > 0 ? (int)count : 0, reply);
	}
	return count == (ssize_t)length && memcmp(reply, message, length) == 0;
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane,
		     struct demo_pair *pair)
{
	static const char *const messages[] = { "red", "green", "blue" };
	int replies = 0;
	for (int i = 0; i < 3; i++)
		replies += converse(narrator, lane, pair, messages[i]);

	/* SHUT_WR is the client's "no more from me"; it could still read. */
	int ended = shutdown(pair->client, SHUT_WR);
	char byte;
	ssize_t last = lane->socktype == SOCK_DGRAM ? recv(pair->server, &byte, 1, MSG_DONTWAIT)
						    : answer_one(pair->server);
	int number = demo_error(last);
	if (lane->first) {
		demo_show(narrator, "client  shutdown()     ----->  recv() = %zd  server", last);
		demo_show(narrator, "                               the loop ends, close()");
	}
	if (lane->socktype == SOCK_DGRAM)
		demo_claim(narrator, replies == 3 && ended == 0 && last == -1 && number == EAGAIN,
			   "%s: 3 replies, and no end is seen: recv() found nothing, %s",
			   lane->name, demo_errno(number));
	else
		demo_claim(narrator, replies == 3 && last == 0,
			   "%s: 3 replies, then the end: %d, and recv() = %zd", lane->name, replies,
			   last);
}

void demo_message_loop(struct narrator *narrator)
{
	demo_say(narrator,
		 "A client sends three messages and reads each reply; then it closes its side. The "
		 "server's loop: recv(), send() the same back, again, until recv() = 0.");
	if (!demo_each_pair(narrator, DEMO_ALL_TYPES, try_lane))
		return;
	demo_say(narrator, "Unlike -1, that is no error: the peer will send nothing more. A "
			   "datagram socket is never told of its peer's end: there such a loop "
			   "needs a message that means \"end\", or a limit on how long it waits.");
}
