#include "base/clock.h"
#include "load/load_inside.h"
#include "net/record.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* The message that a reply is for, by the number in it; NULL if it is none that waits. */
static struct flight *find(struct load_connection *connection, const unsigned char *bytes,
			   size_t length)
{
	if (length < PROBE_LEAST)
		return NULL;
	uint64_t number = probe_number(bytes);
	struct flight *flight = &connection->flights[number & connection->mask];
	return flight->number == number && flight->waiting ? flight : NULL;
}

static struct flight *find_oldest(struct load_connection *connection)
{
	for (uint64_t number = load_oldest(connection); number < connection->sent; number++) {
		struct flight *flight = &connection->flights[number & connection->mask];
		if (flight->number == number && flight->waiting)
			return flight;
	}
	return NULL;
}

/* Of a message that was sent, whole and right. */
static bool is_copy(const struct load_connection *connection, const unsigned char *bytes,
		    size_t length)
{
	const struct probe *probe = &connection->thread->probe;
	return length == probe->size && probe_number(bytes) < connection->sent &&
	       probe_check(probe, probe_number(bytes), 0, bytes, length) == length;
}

static void take(struct load_connection *connection, const unsigned char *bytes, size_t length,
		 int64_t now)
{
	struct load_thread *thread = connection->thread;
	struct flight *flight = find(connection, bytes, length);
	if (!flight && is_copy(connection, bytes, length)) {
		uint64_t number = probe_number(bytes);
		const struct flight *old = &connection->flights[number & connection->mask];
		int64_t service = old->number == number ? now - old->sent : 0;
		thread->result.duplicates++;
		load_reply(thread, number, service, LOAD_DUPLICATE);
		return;
	}
	if (!flight) /* its number is wrong: then it stands for the one that waits longest */
		flight = find_oldest(connection);
	if (!flight) {
		thread->result.damaged++;
		thread->strays++;
		load_tell_damage(connection, connection->sent, 0, -1);
		return;
	}
	size_t size = thread->probe.size;
	size_t part = length < size ? length : size;
	size_t right = probe_check(&thread->probe, flight->number, 0, bytes, part);
	if (right < part)
		load_tell_damage(connection, flight->number, right, bytes[right]);
	else if (length != size)
		load_tell_damage(connection, flight->number, part, -1);
	load_returned(connection, flight, right == size && length == size, now);
}

static bool receive_datagrams(struct load_connection *connection)
{
	struct load_thread *thread = connection->thread;
	size_t room = LOAD_BUFFER / thread->burst;
	unsigned want = connection->in_flight < 1               ? 1
			: connection->in_flight < thread->burst ? connection->in_flight
								: thread->burst;
	for (unsigned i = 0; i < want; i++) {
		datagram_reset(&thread->datagrams[i], thread->buffer + i * room, room, 0);
		thread->datagrams[i].header.msg_name = NULL; /* connected: there is one peer only */
		thread->datagrams[i].header.msg_control = NULL;
	}
	int count = batch_receive(connection->watch.fd, thread->datagrams, (int)want);
	if (count == -1) {
		/* ECONNREFUSED and its like tell of a message that is lost */
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			load_tell(connection, strerror(errno));
		return false;
	}
	int64_t now = clock_now();
	for (int i = 0; i < count; i++)
		take(connection, thread->datagrams[i].vector.iov_base,
		     thread->datagrams[i].vector.iov_len, now);
	return true;
}

static bool receive_record(struct load_connection *connection)
{
	struct load_thread *thread = connection->thread;
	size_t length;
	switch (record_receive(connection->watch.fd, thread->kind, thread->buffer, LOAD_BUFFER,
			       &length)) {
	case RECORD_NONE:
		return false;
	case RECORD_MESSAGE:
		take(connection, thread->buffer, length, clock_now());
		return true;
	case RECORD_BROKEN:
		load_broke(connection, strerror(errno));
		return true;
	case RECORD_TOO_LONG:
	case RECORD_END:
		load_broke(connection, "the peer ended it");
		return true;
	}
	return false;
}

bool load_records_receive(struct load_connection *connection)
{
	bool got = connection->thread->kind->connected ? receive_record(connection)
						       : receive_datagrams(connection);
	if (got && connection->open)
		load_records_send(connection);
	return got;
}

/* How many of the first COUNT datagrams of the thread went out; -1 with errno. */
static int send_burst(struct load_connection *connection, unsigned count)
{
	struct load_thread *thread = connection->thread;
	size_t size = thread->probe.size;
	size_t room = LOAD_BUFFER / thread->burst;
	for (unsigned i = 0; i < count; i++) {
		unsigned char *bytes = thread->buffer + i * room;
		probe_write(&thread->probe, connection->sent + i, bytes);
		datagram_reset(&thread->datagrams[i], bytes, size, 0);
		thread->datagrams[i].header.msg_name = NULL;
		thread->datagrams[i].header.msg_namelen = 0;
		thread->datagrams[i].header.msg_control = NULL;
	}
	return batch_send(connection->watch.fd, thread->datagrams, (int)count);
}

void load_records_send(struct load_connection *connection)
{
	struct load_thread *thread = connection->thread;
	unsigned wants = LOOP_READ;
	for (;;) {
		int64_t now = clock_now();
		unsigned due = load_due(connection, now, thread->burst);
		if (due == 0)
			break;
		int count = send_burst(connection, due);
		if (count == -1 && errno == EINTR)
			continue;
		if (count == -1 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) {
			wants |= LOOP_WRITE;
			break;
		}
		if (count == -1 && (thread->kind->connected || errno == EMSGSIZE)) {
			int number = errno;
			bool first = thread->result.trouble.status == STATUS_OK;
			load_broke(connection, strerror(number));
			if (first && number == EMSGSIZE) /* our doing, not the peer's */
				thread->result.trouble.status = STATUS_DATA;
			return;
		}
		/* an error that tells of an earlier one took this one's place: both are lost */
		if (count == -1)
			load_tell(connection, strerror(errno));
		for (count = count == -1 ? 1 : count; count > 0; count--)
			load_sent(connection, now);
	}
	if (loop_want(thread->loop, &connection->watch, wants) == -1)
		load_broke(connection, strerror(errno));
}
