#include "demos/lane.h"
#include "demos/demo.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* What a server does with each connection: it sends back what comes, until recv() gives 0. */
static ssize_t answer_one(int server)
{
	char buffer[64];
	ssize_t count = recv(server, buffer, sizeof(buffer), 0);
	if (count > 0)
		send(server, buffer, (size_t)count, MSG_NOSIGNAL);
	return count;
}

static void try_lane(const struct lane *lane, bool show, struct narrator *narrator)
{
	static const char *const messages[] = { "red", "green", "blue" };
	struct lane_pair pair;
	int replies = 0;
	if (!lane_pair_open(&pair, lane, narrator))
		return;
	int client = pair.sender, server = pair.receiver;

	for (int i = 0; i < 3; i++) {
		char reply[64];
		size_t length = strlen(messages[i]);
		send(client, messages[i], length, MSG_NOSIGNAL);
		answer_one(server);
		ssize_t count = recv(client, reply, sizeof(reply), 0);
		replies += count == (ssize_t)length && memcmp(reply, messages[i], length) == 0;
		if (show) {
			demo_show(narrator, "client  send(\"%s\")%*s ----->  recv() = %zu  server",
				  messages[i], (int)(6 - length), "", length);
			demo_show(narrator, "client  recv() = %zd     <-----  send(\"%.*s\")",
				  count, count > 0 ? (int)count : 0, reply);
		}
	}

	/* SHUT_WR is the client's "no more from me"; it could still read. */
	int ended = shutdown(client, SHUT_WR);
	char byte;
	ssize_t last = lane->socktype == SOCK_DGRAM ? recv(server, &byte, 1, MSG_DONTWAIT)
						    : answer_one(server);
	int number = last == -1 ? errno : 0;
	if (show) {
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
	lane_pair_close(&pair, lane);
}

static void run(struct narrator *narrator)
{
	struct lanes lanes;
	demo_say(narrator,
		 "A client sends three messages and reads each reply; then it ends its side.");
	demo_say(narrator,
		 "The server's loop: recv(), send() the same back, again, until recv() = 0.");
	if (!lanes_open(&lanes, LANES_ALL, narrator))
		return;
	for (size_t i = 0; i < lanes.count; i++)
		try_lane(&lanes.items[i], i == 0, narrator);
	lanes_close(&lanes);
	demo_say(narrator,
		 "Unlike -1 it is no error: the peer will send nothing more. With datagrams");
	demo_say(narrator,
		 "nobody is connected, so nobody's end is told: such a loop needs a message");
	demo_say(narrator, "that means \"end\", or a limit on its waiting.");
}

const struct demo demo_message_loop = {
	.name = "message-loop",
	.summary = "receive and reply until recv() gives 0",
	.run = run,
};
