#include "commands/standard.h"
#include "commands/talk_records.h"

#include "base/clock.h"
#include "commands/lines.h"
#include "net/record.h"
#include "net/sock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a line becomes and what comes back: state of talk_records() and talk_datagrams(). */
struct exchange {
	struct talk_peer *peer;
	struct lines lines;
	char *reply; /* room for LINE_MOST bytes and a newline */
	int64_t heard;
	char *text; /* a line that waits to be sent; NULL: none */
	size_t length;
	size_t sent, replies;
	bool over; /* our sending side is shut down, ... */
	int cut;   /* ... or could not be: why, of errno(3) */
};

static int begin(struct exchange *exchange, struct talk_peer *peer, struct error *error)
{
	*exchange = (struct exchange){ .peer = peer, .heard = clock_now() };
	exchange->reply = malloc(LINE_MOST + 1);
	return exchange->reply ? 0 : error_system(error, STATUS_SYSTEM, errno, "talk");
}

static void end(struct exchange *exchange)
{
	free(exchange->reply);
	free(exchange->lines.bytes);
}

/* 1: a reply was printed; 0: none is there; 2: the peer has ended; -1: error. */
static int print_reply(struct exchange *exchange, struct error *error)
{
	struct talk_peer *peer = exchange->peer;
	size_t length;
	switch (record_receive(peer->client->fd, peer->client->endpoint.kind, exchange->reply,
			       LINE_MOST, &length)) {
	case RECORD_NONE:
		return 0;
	case RECORD_END:
		return 2;
	case RECORD_TOO_LONG:
		return error_set(error, STATUS_DATA, "talk %s: a reply longer than any message",
				 peer->name);
	case RECORD_BROKEN:
		return talk_peer_broken(peer, errno, error);
	case RECORD_MESSAGE:
		break;
	}
	exchange->heard = clock_now();
	exchange->replies++;
	exchange->reply[length] = '\n';
	return standard_write(exchange->reply, length + 1, error) == -1 ? -1 : 1;
}

/* Sends what it can of the lines that are here, without waiting. */
static int send_lines(struct exchange *exchange, struct error *error)
{
	int fd = exchange->peer->client->fd;
	while (exchange->text || lines_next(&exchange->lines, &exchange->text, &exchange->length)) {
		if (send(fd, exchange->text, exchange->length, MSG_NOSIGNAL) == -1) {
			if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
				return 0;
			int result = talk_peer_broken(exchange->peer, errno, error);
			if (error->status == STATUS_DATA)
				error_append(error, " (line %zu, %zu bytes)",
					     exchange->lines.number, exchange->length);
			return result;
		}
		exchange->text = NULL;
		exchange->sent++;
		exchange->heard = clock_now();
	}
	if (exchange->lines.ended && !exchange->over) {
		if (shutdown(fd, SHUT_WR) == -1)
			exchange->cut = errno;
		exchange->over = true;
	}
	return 0;
}

int talk_records(struct talk_peer *peer, struct error *error)
{
	struct exchange exchange;
	int result = begin(&exchange, peer, error);
	bool ended = false;
	while (result == 0 && !ended) {
		struct pollfd items[2] = {
			{ .fd = exchange.text || exchange.over ? -1 : STDIN_FILENO,
			  .events = POLLIN },
			{ .fd = peer->client->fd, .events = POLLIN },
		};
		if (exchange.text)
			items[1].events |= POLLOUT;
		int64_t until = peer->timeout == NEVER ? NEVER : exchange.heard + peer->timeout;
		int ready = poll(items, 2, exchange.cut ? 0 : clock_poll_timeout(until));
		if (ready == -1 && errno != EINTR)
			result = error_system(error, STATUS_SYSTEM, errno, "poll");
		else if (ready == 0 && exchange.cut)
			result = talk_peer_broken(peer, exchange.cut, error);
		else if (ready == 0 && clock_now() >= until)
			result = talk_peer_silent(peer, error);
		if (ready <= 0)
			continue;
		if (items[1].revents & (POLLIN | POLLHUP | POLLERR)) {
			int got = print_reply(&exchange, error);
			ended = got == 2;
			result = got == -1 ? -1 : 0;
		}
		if (result == 0 && !ended && items[0].revents)
			result = lines_fill(&exchange.lines, STDIN_FILENO, error);
		if (result == 0 && !ended)
			result = send_lines(&exchange, error);
	}
	if (result == 0 && peer->simple && exchange.replies == 0)
		result = talk_peer_refused(peer, error);
	if (result == 0 && !exchange.over)
		result = talk_peer_closed_early(peer, error);
	if (result == 0 && exchange.replies < exchange.sent)
		result = error_set(error, STATUS_PROTOCOL,
				   "talk %s: the peer ended without a reply to %zu of "
				   "%zu messages",
				   peer->name, exchange.sent - exchange.replies, exchange.sent);
	end(&exchange);
	return result;
}

static int await_reply(struct exchange *exchange, struct error *error)
{
	struct talk_peer *peer = exchange->peer;
	int64_t until = clock_now() + peer->timeout;
	for (;;) {
		int got = print_reply(exchange, error);
		if (got != 0)
			return got == -1 ? -1 : 0;
		int ready = sock_wait(peer->client->fd, POLLIN, until, 0);
		if (ready == -1)
			return talk_peer_broken(peer, errno, error);
		if (ready == 0) {
			talk_peer_silent(peer, error);
			error_append(error, ": no reply to line %zu", exchange->lines.number);
			return -1;
		}
	}
}

int talk_datagrams(struct talk_peer *peer, struct error *error)
{
	struct exchange exchange;
	int result = begin(&exchange, peer, error);
	while (result == 0 && !exchange.lines.ended) {
		result = lines_fill(&exchange.lines, STDIN_FILENO, error);
		while (result == 0 &&
		       lines_next(&exchange.lines, &exchange.text, &exchange.length)) {
			result = talk_peer_send(peer, exchange.text, exchange.length,
						clock_now() + peer->timeout, error);
			if (result == -1 && error->status == STATUS_DATA)
				error_append(error, " (line %zu, %zu bytes)", exchange.lines.number,
					     exchange.length);
			if (result == 0)
				result = await_reply(&exchange, error);
		}
	}
	end(&exchange);
	return result;
}
