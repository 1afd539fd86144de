#include "demos/demos.h"

#include "base/clock.h"
#include "demos/lane.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define ROUNDS 100
#define MESSAGE 1024 /* bytes */
#define AT_ONCE 8    /* messages under way: fewer than the shortest queue holds */
#define GROUPS 128

/* One byte there and back, again and again; the median of the times, -1 if one was lost. */
static int64_t there_and_back(const struct demo_pair *pair)
{
	int64_t taken[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		char sent = (char)i, received = (char)~i;
		int64_t start = clock_now();
		send(pair->client, &sent, 1, MSG_NOSIGNAL);
		if (demo_receive(pair->server, &received, 1, 0) != 1)
			return -1;
		send(pair->server, &received, 1, MSG_NOSIGNAL);
		if (demo_receive(pair->client, &received, 1, 0) != 1 || received != sent)
			return -1;
		taken[i] = clock_now() - start;
	}
	return demo_median(taken, ROUNDS);
}

/* Groups of messages, one way. Returns how many bytes arrived as they were sent. */
static size_t burst(const struct demo_pair *pair, int64_t *taken)
{
	unsigned char message[MESSAGE], received[AT_ONCE * MESSAGE];
	size_t right = 0;
	int64_t start = clock_now();
	for (int group = 0; group < GROUPS; group++) {
		for (size_t i = 0; i < sizeof(message); i++)
			message[i] = (unsigned char)(group + i % 251);
		for (int i = 0; i < AT_ONCE; i++)
			send(pair->client, message, sizeof(message), MSG_NOSIGNAL);
		for (size_t arrived = 0; arrived < sizeof(received);) {
			ssize_t count = demo_receive(pair->server, received, sizeof(received), 0);
			if (count <= 0)
				return right;
			for (ssize_t i = 0; i < count; i++)
				right += received[i] ==
					 message[(arrived + (size_t)i) % sizeof(message)];
			arrived += (size_t)count;
		}
	}
	*taken = clock_now() - start;
	return right;
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane,
		     struct demo_pair *pair)
{
	int64_t taken = 0;
	int on = 1;
	const size_t all = (size_t)GROUPS * AT_ONCE * MESSAGE;
	/* else a small message waits until the one before it is acknowledged (RFC 896) */
	if (lane->domain != AF_UNIX && lane->socktype == SOCK_STREAM)
		setsockopt(pair->client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	int64_t one = there_and_back(pair);
	size_t right = one == -1 ? 0 : burst(pair, &taken);
	demo_show(narrator, "%-16s %8.1f us there and back %10.0f MB/s", lane->name,
		  (double)one / NSEC_PER_USEC,
		  taken > 0 ? (double)right * 1000 / (double)taken : 0.0);
	demo_claim(narrator, one > 0 && right == all,
		   "%s: %d round trips and all %zu bytes of the burst, as sent: %zu", lane->name,
		   ROUNDS, all, right);
}

void demo_lanes(struct narrator *narrator)
{
	demo_say(narrator,
		 "On each lane, a family with a type: one byte to the other end and back (the "
		 "median of %d times), and a burst of %d messages of %d bytes one way, %d at a "
		 "time. One thread works both ends, so what is measured is the kernel's way from "
		 "one to the other. TCP has TCP_NODELAY set, or small messages would wait for one "
		 "another.",
		 ROUNDS, GROUPS * AT_ONCE, MESSAGE, AT_ONCE);
	if (!demo_each_pair(narrator, DEMO_ALL_TYPES, try_lane))
		return;
	demo_say(narrator,
		 "A unix socket puts the message into the other's queue and is done. Between inet "
		 "sockets it passes through TCP or UDP, IP and the loopback interface. The times "
		 "are this machine's at this moment; `sockfam bench` measures with care.");
}
