#include "commands/talk_peer.h"

#include "base/clock.h"
#include "net/sock.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int talk_peer_send(struct talk_peer *peer, const char *text, size_t length, int64_t until,
		   struct error *error)
{
	int fd = peer->client->fd;
	for (;;) {
		if (send(fd, text, length, MSG_NOSIGNAL) != -1)
			return 0;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return talk_peer_broken(peer, errno, error);
		int ready = sock_wait(fd, POLLOUT, until, 0);
		if (ready == 0)
			return talk_peer_silent(peer, error);
		if (ready == -1)
			return talk_peer_broken(peer, errno, error);
	}
}

int talk_peer_broken(struct talk_peer *peer, int number, struct error *error)
{
	enum status status = STATUS_SYSTEM;
	if (number == ECONNREFUSED || number == ENOENT || number == EHOSTUNREACH ||
	    number == ENETUNREACH || number == ENOTCONN)
		status = STATUS_NOBODY;
	else if (number == ECONNRESET || number == EPIPE)
		status = STATUS_PROTOCOL;
	else if (number == EACCES || number == EPERM)
		status = STATUS_NOT_PERMITTED;
	else if (number == ETIMEDOUT)
		status = STATUS_TIMED_OUT;
	else if (number == EMSGSIZE)
		status = STATUS_DATA;
	error_system(error, status, number, "talk %s", peer->name);
	sock_suggest(error, peer->name, number);
	return -1;
}

int talk_peer_closed_early(struct talk_peer *peer, struct error *error)
{
	return error_set(error, STATUS_PROTOCOL,
			 "talk %s: the peer closed the connection before the end of input",
			 peer->name);
}

int talk_peer_refused(struct talk_peer *peer, struct error *error)
{
	return error_set(error, STATUS_PROTOCOL,
			 "talk %s: it ended before any echo: perhaps it refuses the proof",
			 peer->name);
}

int talk_peer_silent(struct talk_peer *peer, struct error *error)
{
	return error_set(error, STATUS_TIMED_OUT, "talk %s: the peer was silent for %.10g s",
			 peer->name, (double)peer->timeout / (double)NSEC_PER_SEC);
}
