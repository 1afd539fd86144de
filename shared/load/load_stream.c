#include "load/load_stream.h"

#include "base/clock.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* So many bytes are verified sooner than the clock is read: what is sent next is sent now. */
#define BRIEF 1024

static void want(struct load_connection *connection, unsigned wants)
{
	if (loop_want(connection->ledger->loop, &connection->watch, wants) == -1)
		load_ledger_broke(connection, strerror(errno));
}

/* Whole messages from the first that was not handed over whole; how many bytes that makes. */
static size_t build(const struct load_connection *connection)
{
	const struct load_ledger *ledger = connection->ledger;
	size_t size = ledger->probe.size;
	size_t length = 0;
	uint64_t number = connection->out_number;
	do {
		probe_write(&ledger->probe, number++, ledger->buffer + length);
		length += size;
	} while (number < connection->sent && length + size <= STREAM_PIECE);
	return length;
}

static void send_due(struct load_connection *connection, int64_t now)
{
	struct load_ledger *ledger = connection->ledger;
	size_t size = ledger->probe.size;
	for (unsigned due = load_ledger_due(connection, now, ledger->options->depth); due > 0;
	     due--)
		load_ledger_sent(connection, now);

	while (connection->out_number < connection->sent) {
		size_t length = build(connection);
		ssize_t count = send(connection->watch.fd, ledger->buffer + connection->out_offset,
				     length - connection->out_offset, MSG_NOSIGNAL);
		if (count == -1 && errno == EINTR)
			continue;
		if (count == -1 && errno != EAGAIN && errno != EWOULDBLOCK) {
			load_ledger_broke(connection, strerror(errno));
			return;
		}
		if (count == -1) {
			want(connection, LOOP_READ | LOOP_WRITE);
			return;
		}
		size_t done = connection->out_offset + (size_t)count;
		connection->out_number += done / size;
		connection->out_offset = done % size;
	}
	want(connection, LOOP_READ);
}

void load_stream_send(struct load_connection *connection)
{
	send_due(connection, clock_now());
}

/* Some of the oldest message's reply. */
static void take(struct load_connection *connection, const unsigned char *bytes, size_t length,
		 int64_t now)
{
	struct load_ledger *ledger = connection->ledger;
	uint64_t number = connection->oldest;
	size_t right = probe_check(&ledger->probe, number, connection->in_offset, bytes, length);
	if (right < length && !connection->in_damaged) {
		connection->in_damaged = true;
		load_ledger_damaged(connection, number, connection->in_offset + right,
				    bytes[right]);
	}
	connection->in_offset += length;
	if (connection->in_offset < ledger->probe.size)
		return;
	load_ledger_returned(connection, &connection->messages[number & connection->mask],
			     !connection->in_damaged, now);
	connection->oldest++;
	connection->in_offset = 0;
	connection->in_damaged = false;
}

bool load_stream_receive(struct load_connection *connection)
{
	struct load_ledger *ledger = connection->ledger;
	ssize_t count = recv(connection->watch.fd, ledger->buffer, STREAM_PIECE, 0);
	if (count == -1 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return false;
	if (count <= 0) {
		load_ledger_broke(connection, count == 0 ? "the peer ended it" : strerror(errno));
		return true;
	}
	int64_t now = clock_now();
	const unsigned char *bytes = ledger->buffer;
	size_t left = (size_t)count;
	while (left > 0) {
		size_t part = ledger->probe.size - connection->in_offset;
		if (part > left)
			part = left;
		if (connection->oldest == connection->sent) {
			load_ledger_strayed(connection, *bytes);
			load_ledger_broke(connection, "more came back than was sent");
			return true;
		}
		take(connection, bytes, part, now);
		bytes += part;
		left -= part;
	}
	bool brief = count <= BRIEF && !ledger->options->replied;
	send_due(connection, brief ? now : clock_now());
	return true;
}
