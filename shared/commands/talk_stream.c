#include "commands/standard.h"
#include "commands/talk_stream.h"

#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLOW_ROOM (64 << 10)

/* Bytes on their way in one direction: read at once, written as the other side takes them. */
struct flow {
	char bytes[FLOW_ROOM];
	size_t start, end;
	bool over; /* no more will come in */
};

struct relay {
	struct talk_peer *peer;
	bool answered; /* anything came back */
	int64_t heard; /* when something last moved */
	size_t most;   /* that may be written to standard output without blocking */
	int cut;       /* why the peer could not be told that no more comes, of errno(3); or 0 */
	struct flow up, down;
};

static bool empty(const struct flow *flow)
{
	return flow->start == flow->end;
}

/* poll(2) promises room for PIPE_BUF bytes in a pipe, no more; a file takes all. */
static size_t output_piece(void)
{
	struct stat output;
	return fstat(STDOUT_FILENO, &output) == 0 && S_ISREG(output.st_mode) ? FLOW_ROOM
									     : _POSIX_PIPE_BUF;
}

static int read_input(struct relay *relay, struct error *error)
{
	struct flow *up = &relay->up;
	ssize_t count = read(STDIN_FILENO, up->bytes, sizeof(up->bytes));
	if (count == -1)
		return errno == EINTR || errno == EAGAIN
			       ? 0
			       : error_system(error, STATUS_SYSTEM, errno, "standard input");
	up->start = 0;
	up->end = (size_t)count;
	up->over = count == 0;
	if (up->over && shutdown(relay->peer->client->fd, SHUT_WR) == -1)
		relay->cut = errno;
	return 0;
}

static int send_up(struct relay *relay, struct error *error)
{
	struct flow *up = &relay->up;
	ssize_t count = send(relay->peer->client->fd, up->bytes + up->start, up->end - up->start,
			     MSG_NOSIGNAL);
	if (count == -1)
		return errno == EINTR || errno == EAGAIN
			       ? 0
			       : talk_peer_broken(relay->peer, errno, error);
	up->start += (size_t)count;
	relay->heard = clock_now();
	return 0;
}

static int receive_down(struct relay *relay, struct error *error)
{
	struct flow *down = &relay->down;
	ssize_t count = recv(relay->peer->client->fd, down->bytes, sizeof(down->bytes), 0);
	if (count == -1)
		return errno == EINTR || errno == EAGAIN
			       ? 0
			       : talk_peer_broken(relay->peer, errno, error);
	down->start = 0;
	down->end = (size_t)count;
	down->over = count == 0;
	relay->answered |= count > 0;
	relay->heard = clock_now();
	return 0;
}

static int write_output(struct relay *relay, struct error *error)
{
	struct flow *down = &relay->down;
	size_t length = down->end - down->start;
	if (length > relay->most)
		length = relay->most;
	if (standard_write(down->bytes + down->start, length, error) == -1)
		return -1;
	down->start += length;
	return 0;
}

static int turn(struct relay *relay, struct error *error)
{
	struct talk_peer *peer = relay->peer;
	struct flow *up = &relay->up, *down = &relay->down;
	struct pollfd items[3] = {
		{ .fd = empty(up) && !up->over ? STDIN_FILENO : -1, .events = POLLIN },
		{ .fd = empty(down) ? -1 : STDOUT_FILENO, .events = POLLOUT },
		{ .fd = peer->client->fd },
	};
	if (!empty(up))
		items[2].events |= POLLOUT;
	if (empty(down))
		items[2].events |= POLLIN;
	if (items[2].events == 0)
		items[2].fd = -1;
	int64_t until = peer->timeout == NEVER ? NEVER : relay->heard + peer->timeout;
	bool cut = relay->cut && empty(down); /* what has come is all that will */
	int ready = poll(items, 3, cut ? 0 : clock_poll_timeout(until));
	if (ready == -1)
		return errno == EINTR ? 0 : error_system(error, STATUS_SYSTEM, errno, "poll");
	if (ready == 0 && cut)
		return talk_peer_broken(peer, relay->cut, error);
	if (ready == 0)
		return clock_now() >= until ? talk_peer_silent(peer, error) : 0;
	/* what the peer sent comes first: it may say more than our failing to send does */
	if (items[1].revents && write_output(relay, error) == -1)
		return -1;
	if ((items[2].revents & (POLLIN | POLLHUP | POLLERR)) && empty(down)) {
		if (receive_down(relay, error) == -1)
			return -1;
		return 0;
	}
	if ((items[2].revents & POLLOUT) && send_up(relay, error) == -1)
		return -1;
	if (items[0].revents)
		return read_input(relay, error);
	return 0;
}

int talk_stream(struct talk_peer *peer, struct error *error)
{
	struct relay *relay = calloc(1, sizeof(*relay));
	int result = 0;
	if (!relay)
		return error_system(error, STATUS_SYSTEM, errno, "talk");
	relay->peer = peer;
	relay->heard = clock_now();
	relay->most = output_piece();
	while (result == 0 && !(relay->down.over && empty(&relay->down)))
		result = turn(relay, error);
	if (result == 0 && peer->simple && !relay->answered)
		result = talk_peer_refused(peer, error);
	if (result == 0 && !(relay->up.over && empty(&relay->up)))
		result = talk_peer_closed_early(peer, error);
	free(relay);
	return result;
}
