#include "demos/demos.h"

#include "demos/lane.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct attempt {
	int at_once; /* what connect(2) said: 0 or errno */
	bool ready;  /* poll(2) said so, for writing */
	int finally; /* SO_ERROR after that, 0 or errno */
};

static struct attempt attempt(struct narrator *narrator, const struct demo_lane *lane,
			      const struct demo_place *at)
{
	struct attempt seen = { .at_once = -1 };
	int fd = socket(lane->domain, lane->socktype, 0);
	if (!demo_must(narrator, fd, "socket"))
		return seen;
	if (!demo_must(narrator, demo_nonblock(fd), "fcntl(O_NONBLOCK)")) {
		close(fd);
		return seen;
	}
	seen.at_once = demo_error(connect(fd, (const struct sockaddr *)&at->address, at->length));
	seen.finally = seen.at_once;
	if (seen.at_once == EINPROGRESS) {
		/* The handshake goes on without us. It is over when the socket can be written. */
		socklen_t length = sizeof(seen.finally);
		seen.ready = demo_await(fd, POLLOUT);
		if (seen.ready)
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &seen.finally, &length);
	}
	close(fd);
	return seen;
}

static void claim(struct narrator *narrator, const struct demo_lane *lane, const char *scene,
		  const struct attempt *seen, int expected)
{
	if (lane->domain == AF_UNIX)
		demo_claim(narrator, seen->at_once == expected && !seen->ready,
			   "%s, %s: settled at once, connect(): %s", lane->name, scene,
			   demo_errno(seen->at_once));
	else
		demo_claim(narrator,
			   seen->at_once == EINPROGRESS && seen->ready && seen->finally == expected,
			   "%s, %s: %s, poll() = %d, SO_ERROR %s", lane->name, scene,
			   seen->at_once == EINPROGRESS ? "EINPROGRESS" : "settled at once",
			   seen->ready, demo_errno(seen->finally));
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane)
{
	int listener = demo_lane_bound(narrator, lane);
	if (listener == -1)
		return;
	struct demo_place at = demo_place(listener);
	struct attempt nobody = attempt(narrator, lane, &at);
	claim(narrator, lane, "nobody listens", &nobody, ECONNREFUSED);
	if (demo_must(narrator, listen(listener, 1), "listen")) {
		struct attempt somebody = attempt(narrator, lane, &at);
		claim(narrator, lane, "somebody does", &somebody, 0);
	}
	close(listener);
	demo_lane_end(lane);
}

void demo_nonblocking_connect(struct narrator *narrator)
{
	demo_say(narrator,
		 "On a socket with O_NONBLOCK, connect() does not wait for the other side's "
		 "answer: it says EINPROGRESS, \"under way\". How it ended is asked later:");
	demo_show(narrator, "connect() = EINPROGRESS     SYN ------>");
	demo_show(narrator, "poll(POLLOUT) waits             <------ SYN+ACK, or RST");
	demo_show(narrator, "getsockopt(SO_ERROR)        0, or ECONNREFUSED");
	if (!demo_each_lane(narrator, KIND_STREAM | KIND_SEQPACKET, try_lane))
		return;
	demo_say(narrator,
		 "Between two unix sockets there is no handshake to wait for. By the time "
		 "connect() returns, the connection is in the listener's queue, or has failed.");
}
