#include "demos/lane.h"
#include "demos/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct attempt {
	int at_once; /* what connect(2) said: 0 or errno */
	int ready;   /* what poll(2) said, for writing */
	int finally; /* SO_ERROR behind it, 0 or errno */
};

static struct attempt attempt(const struct lane *lane, const struct place *at)
{
	struct attempt seen = { .at_once = -1 };
	int fd = socket(lane->domain, lane->socktype, 0);
	if (fd == -1)
		return seen;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	seen.at_once =
		connect(fd, (const struct sockaddr *)&at->address, at->length) == -1 ? errno : 0;
	seen.finally = seen.at_once;
	if (seen.at_once == EINPROGRESS) {
		/* The handshake goes on without us. It is over when the socket can be written. */
		struct pollfd outcome = { .fd = fd, .events = POLLOUT };
		socklen_t length = sizeof(seen.finally);
		seen.ready = poll(&outcome, 1, 1000);
		if (seen.ready == 1)
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &seen.finally, &length);
	}
	close(fd);
	return seen;
}

static void claim(struct narrator *narrator, const struct lane *lane, const char *scene,
		  const struct attempt *seen, int expected)
{
	if (lane->domain == AF_UNIX)
		demo_claim(narrator, seen->at_once == expected && seen->ready == 0,
			   "%s, %s: settled at once, connect(): %s", lane->name, scene,
			   demo_errno(seen->at_once));
	else
		demo_claim(narrator,
			   seen->at_once == EINPROGRESS && seen->ready == 1 &&
				   seen->finally == expected,
			   "%s, %s: %s, poll() = %d, SO_ERROR %s", lane->name, scene,
			   seen->at_once == EINPROGRESS ? "EINPROGRESS" : "settled at once",
			   seen->ready, demo_errno(seen->finally));
}

static void try_lane(const struct lane *lane, struct narrator *narrator)
{
	int listener = socket(lane->domain, lane->socktype, 0);
	if (!demo_must(narrator, listener, "socket"))
		return;
	if (demo_must(narrator,
		      bind(listener, (const struct sockaddr *)&lane->server.address,
			   lane->server.length),
		      "bind")) {
		struct place at = lane_place(listener);
		struct attempt nobody = attempt(lane, &at);
		claim(narrator, lane, "nobody listens", &nobody, ECONNREFUSED);
		if (demo_must(narrator, listen(listener, 1), "listen")) {
			struct attempt somebody = attempt(lane, &at);
			claim(narrator, lane, "somebody does", &somebody, 0);
		}
	}
	close(listener);
	lane_unlink(lane);
}

static void run(struct narrator *narrator)
{
	struct lanes lanes;
	demo_say(narrator,
		 "connect() on a socket with O_NONBLOCK does not wait for the answer of the");
	demo_say(narrator,
		 "other side: it says EINPROGRESS, \"under way\". How it ended is asked for:");
	demo_show(narrator, "connect() = EINPROGRESS     SYN ------>");
	demo_show(narrator, "poll(POLLOUT) waits             <------ SYN+ACK, or RST");
	demo_show(narrator, "getsockopt(SO_ERROR)        0, or ECONNREFUSED");
	if (!lanes_open(&lanes, LANES_STREAM | LANES_SEQPACKET, narrator))
		return;
	for (size_t i = 0; i < lanes.count; i++)
		try_lane(&lanes.items[i], narrator);
	lanes_close(&lanes);
	demo_say(narrator,
		 "Between two unix sockets there is no handshake to wait for. The connection is");
	demo_say(narrator, "in the listener's queue when connect() returns, or it never will be.");
}

const struct demo demo_nonblocking_connect = {
	.name = "nonblocking-connect",
	.summary = "EINPROGRESS and the wait on TCP; at once on unix",
	.run = run,
};
