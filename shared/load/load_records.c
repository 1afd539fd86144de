#include "load/load_records.h"

#include "base/clock.h"
#include "net/record.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A reply whose number is damaged is held against so many of the latest messages. */
#define LATEST 1024

static size_t compared(const struct probe *probe, size_t length)
{
	size_t most = length < probe->size ? length : probe->size;
	return most < PROBE_ALIKE ? most : PROBE_ALIKE;
}

/* Of message NUMBER, which these bytes name: is more than half of the rest its, too? */
static bool has_body(const struct probe *probe, uint64_t number, const unsigned char *bytes,
		     size_t length)
{
	size_t rest = compared(probe, length) - PROBE_LEAST;
	return rest == 0 || 2 * (probe_alike(probe, number, bytes, length) - PROBE_LEAST) > rest;
}

/* The one of the latest messages that these bytes are most like, if they are like any. */
static bool find_alike(const struct load_connection *connection, const unsigned char *bytes,
		       size_t length, uint64_t *number)
{
	const struct probe *probe = &connection->ledger->probe;
	size_t best = compared(probe, length) / 2;
	bool found = false, waits = false;
	uint64_t each = connection->sent > LATEST ? connection->sent - LATEST : 0;
	for (; each < connection->sent; each++) {
		size_t alike = probe_alike(probe, each, bytes, length);
		bool waiting = load_ledger_waiting(connection, each);
		if (alike > best || (found && alike == best && waiting && !waits)) {
			best = alike;
			waits = waiting;
			found = true;
			*number = each;
		}
	}
	return found;
}

static bool find_oldest(const struct load_connection *connection, uint64_t *number)
{
	for (*number = load_ledger_oldest(connection); *number < connection->sent; ++*number)
		if (load_ledger_waiting(connection, *number))
			return true;
	return false;
}

/*
 * The message that these bytes answer. Their number says so, unless the number itself is damaged:
 * then the rest does. What is like no message at all is taken for the reply that is missing for
 * the longest time.
 */
static bool recognise(const struct load_connection *connection, const unsigned char *bytes,
		      size_t length, uint64_t *number)
{
	uint64_t named = length < PROBE_LEAST ? connection->sent : probe_number(bytes);
	*number = named;
	if (named < connection->sent && has_body(&connection->ledger->probe, named, bytes, length))
		return true;
	if (find_alike(connection, bytes, length, number))
		return true;
	*number = named;
	return load_ledger_waiting(connection, named) || find_oldest(connection, number);
}

static void take(struct load_connection *connection, const unsigned char *bytes, size_t length,
		 int64_t now)
{
	const struct probe *probe = &connection->ledger->probe;
	size_t size = probe->size;
	size_t part = length < size ? length : size;
	uint64_t number = length < PROBE_LEAST ? connection->sent : probe_number(bytes);
	size_t right = number < connection->sent ? probe_check(probe, number, 0, bytes, part) : 0;
	/* one that is right throughout need not be looked for */
	if (right < part || part == 0) {
		if (!recognise(connection, bytes, length, &number)) {
			load_ledger_strayed(connection, -1);
			return;
		}
		right = probe_check(probe, number, 0, bytes, part);
	}
	struct load_message *message = load_ledger_waiting(connection, number);
	if (!message) { /* it was counted by its first copy, whatever this one is like */
		load_ledger_duplicated(connection, number, now);
		return;
	}
	if (right < part)
		load_ledger_damaged(connection, number, right, bytes[right]);
	else if (length != size)
		load_ledger_damaged(connection, number, part, -1);
	load_ledger_returned(connection, message, right == size && length == size, now);
}

static bool receive_datagrams(struct load_connection *connection)
{
	struct load_ledger *ledger = connection->ledger;
	size_t room = LOAD_BUFFER / ledger->burst;
	unsigned want = connection->in_flight < 1               ? 1
			: connection->in_flight < ledger->burst ? connection->in_flight
								: ledger->burst;
	for (unsigned i = 0; i < want; i++) {
		datagram_reset(&ledger->datagrams[i], ledger->buffer + i * room, room, 0);
		ledger->datagrams[i].header.msg_name = NULL; /* connected: there is one peer only */
		ledger->datagrams[i].header.msg_control = NULL;
	}
	int count = batch_receive(connection->watch.fd, ledger->datagrams, (int)want);
	if (count == -1) {
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
			return false;
		load_ledger_trouble(connection, strerror(errno));
		load_ledger_failed(connection, load_ledger_loss(errno));
		return true;
	}
	int64_t now = clock_now();
	for (int i = 0; i < count; i++)
		take(connection, ledger->datagrams[i].vector.iov_base,
		     ledger->datagrams[i].vector.iov_len, now);
	return true;
}

static bool receive_record(struct load_connection *connection)
{
	struct load_ledger *ledger = connection->ledger;
	size_t length;
	switch (record_receive(connection->watch.fd, ledger->kind, ledger->buffer, LOAD_BUFFER,
			       &length)) {
	case RECORD_NONE:
		return false;
	case RECORD_MESSAGE:
		take(connection, ledger->buffer, length, clock_now());
		return true;
	case RECORD_BROKEN:
		load_ledger_broke(connection, strerror(errno));
		return true;
	case RECORD_TOO_LONG:
	case RECORD_END:
		load_ledger_broke(connection, "the peer ended it");
		return true;
	}
	return false;
}

bool load_records_receive(struct load_connection *connection)
{
	bool got = connection->ledger->kind->connected ? receive_record(connection)
						       : receive_datagrams(connection);
	if (got && connection->open)
		load_records_send(connection);
	return got;
}

/* How many of the first COUNT datagrams went out; -1 with errno. */
static int send_burst(struct load_connection *connection, unsigned count)
{
	struct load_ledger *ledger = connection->ledger;
	size_t size = ledger->probe.size;
	size_t room = LOAD_BUFFER / ledger->burst;
	for (unsigned i = 0; i < count; i++) {
		unsigned char *bytes = ledger->buffer + i * room;
		probe_write(&ledger->probe, connection->sent + i, bytes);
		datagram_reset(&ledger->datagrams[i], bytes, size, 0);
		ledger->datagrams[i].header.msg_name = NULL;
		ledger->datagrams[i].header.msg_namelen = 0;
		ledger->datagrams[i].header.msg_control = NULL;
	}
	return batch_send(connection->watch.fd, ledger->datagrams, (int)count);
}

/* Likewise, of DUE that are due. */
static int send_some(struct load_connection *connection, unsigned due)
{
	int count = send_burst(connection, due);
	enum load_loss loss = count == -1 ? load_ledger_loss(errno) : LOSS_UNKNOWN;
	if (!loss || connection->ledger->kind->connected)
		return count;
	/* it may have told of an earlier message, and this one was not tried yet */
	load_ledger_trouble(connection, strerror(errno));
	count = send_burst(connection, due);
	if (count != -1)
		load_ledger_failed(connection, loss);
	return count;
}

void load_records_send(struct load_connection *connection)
{
	struct load_ledger *ledger = connection->ledger;
	unsigned wants = LOOP_READ;
	for (;;) {
		int64_t now = clock_now();
		unsigned due = load_ledger_due(connection, now, ledger->burst);
		if (due == 0)
			break;
		int count = send_some(connection, due);
		if (count == -1 && errno == EINTR)
			continue;
		if (count == -1 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) {
			wants |= LOOP_WRITE;
			break;
		}
		if (count == -1 && (ledger->kind->connected || errno == EMSGSIZE)) {
			int number = errno;
			bool first = ledger->result.trouble.status == STATUS_OK;
			load_ledger_broke(connection, strerror(number));
			if (first && number == EMSGSIZE) /* our doing, not the peer's */
				ledger->result.trouble.status = STATUS_DATA;
			return;
		}
		if (count == -1) {
			int number = errno;
			load_ledger_trouble(connection, strerror(number));
			load_ledger_sent(connection, now);
			load_ledger_failed(connection, load_ledger_loss(number));
			wants |= LOOP_WRITE; /* the rest in another turn: it may end the same way */
			break;
		}
		for (; count > 0; count--)
			load_ledger_sent(connection, now);
		if (connection->in_flight >= ledger->options->depth)
			break;
	}
	if (loop_want(ledger->loop, &connection->watch, wants) == -1)
		load_ledger_broke(connection, strerror(errno));
}
