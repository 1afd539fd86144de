#include "load/load_inside.h"

#include "base/clock.h"

#include <stddef.h>
#include <time.h>

#define TICK (20 * NSEC_PER_MSEC)

/* Who stops it does not want to wait long for the last ones. */
#define HURRY (200 * NSEC_PER_MSEC)

/* With a number of messages and no end in time: so long a silence is the end. */
#define SILENCE (10 * NSEC_PER_SEC)

/* When message NUMBER of a connection is due: the connections take turns, the rate is over all. */
static int64_t due_time(const struct load_connection *connection, uint64_t number)
{
	const struct load_options *options = connection->thread->options;
	double place = (double)number * options->connections + connection->index;
	return connection->thread->begin - options->warmup +
	       (int64_t)(place / options->rate * (double)NSEC_PER_SEC);
}

static bool within(const struct load_thread *thread, int64_t due)
{
	return due >= thread->begin && due < thread->end;
}

unsigned load_due(struct load_connection *connection, int64_t now, unsigned most)
{
	struct load_thread *thread = connection->thread;
	unsigned room = thread->options->depth - connection->in_flight;
	if (thread->over || connection->in_flight >= thread->options->depth)
		return 0;
	if (thread->options->rate > 0) {
		uint64_t allowed = connection->allowed - connection->sent;
		room = allowed < room ? (unsigned)allowed : room;
	} else if (now >= thread->end) {
		thread->over = true;
		return 0;
	}
	if (thread->options->messages > 0 && now >= thread->begin && room > thread->left)
		room = (unsigned)thread->left;
	return room < most ? room : most;
}

void load_sent(struct load_connection *connection, int64_t now)
{
	struct load_thread *thread = connection->thread;
	uint64_t number = connection->sent++;
	struct flight *flight = &connection->flights[number & connection->mask];
	if (flight->waiting && flight->counts)
		thread->waiting--; /* so old that its place is needed: lost for good */
	int64_t due = thread->options->rate > 0 ? due_time(connection, number) : now;
	*flight = (struct flight){ .number = number,
				   .due = due,
				   .sent = now,
				   .waiting = true,
				   .counts = within(thread, due) };
	connection->in_flight++;
	if (!flight->counts) {
		thread->result.warmup++;
		return;
	}
	thread->counted++;
	thread->waiting++;
	if (thread->options->messages > 0 && --thread->left == 0)
		thread->over = true;
}

void load_reply(const struct load_thread *thread, uint64_t number, int64_t service, int state)
{
	struct load_reply reply = { .number = number, .service = service, .state = state };
	if (thread->options->replied)
		thread->options->replied(thread->options->context, &reply);
}

void load_returned(struct load_connection *connection, struct flight *flight, bool right,
		   int64_t now)
{
	struct load_thread *thread = connection->thread;
	struct load_result *result = &thread->result;
	flight->waiting = false;
	if (!flight->late)
		connection->in_flight--;
	if (flight->counts)
		thread->waiting--;
	if (!right) {
		result->damaged++;
		thread->strays += !flight->counts;
	}
	load_reply(thread, flight->number, now - flight->sent, right ? LOAD_RIGHT : LOAD_DAMAGED);
	if (!flight->counts)
		return;
	if (!right) {
		thread->counted--; /* it is not lost */
		return;
	}
	result->messages++;
	result->bytes += thread->probe.size;
	histogram_record(&result->response, now - flight->due);
	histogram_record(&result->service, now - flight->sent);
	thread->last = now;
}

void load_tell(struct load_connection *connection, const char *what)
{
	struct error *trouble = &connection->thread->result.trouble;
	char text[ENDPOINT_TEXT];
	if (trouble->status == STATUS_OK)
		error_set(trouble, STATUS_BAD, "%s: %s",
			  endpoint_format(&connection->client.endpoint, text), what);
}

void load_tell_damage(struct load_connection *connection, uint64_t number, size_t offset, int got)
{
	struct load_thread *thread = connection->thread;
	struct error *trouble = &thread->result.trouble;
	bool first = trouble->status == STATUS_OK;
	load_tell(connection, "damaged");
	if (!first)
		return;
	if (got == -1)
		error_append(trouble, ": the reply to message %llu has not its length of %zu bytes",
			     (unsigned long long)number + 1, thread->probe.size);
	else if (number == connection->sent)
		error_append(trouble, ": bytes came back that were not sent, the first is 0x%02x",
			     got);
	else
		error_append(
			trouble,
			": the reply to message %llu is wrong at offset %zu: 0x%02x, not 0x%02x",
			(unsigned long long)number + 1, offset, got,
			probe_byte(&thread->probe, number, offset));
}

static void close_connection(struct load_connection *connection)
{
	struct load_thread *thread = connection->thread;
	loop_remove(thread->loop, &connection->watch);
	client_close(&connection->client);
	connection->open = false;
	thread->open--;
}

void load_broke(struct load_connection *connection, const char *why)
{
	struct load_thread *thread = connection->thread;
	for (uint64_t number = load_oldest(connection); number < connection->sent; number++) {
		struct flight *flight = &connection->flights[number & connection->mask];
		if (flight->number == number && flight->waiting && flight->counts)
			thread->waiting--;
		flight->waiting = false;
	}
	thread->result.broken++;
	load_tell(connection, why);
	close_connection(connection);
}

uint64_t load_oldest(const struct load_connection *connection)
{
	uint64_t ring = connection->mask + 1;
	uint64_t least = connection->sent > ring ? connection->sent - ring : 0;
	return connection->oldest > least ? connection->oldest : least;
}

static void send_due(struct load_connection *connection)
{
	if (connection->thread->kind->records)
		load_records_send(connection);
	else
		load_stream_send(connection);
}

static bool on_ready(struct watch *watch, unsigned events)
{
	struct load_connection *connection = (struct load_connection *)watch; /* its first member */
	bool got = false;
	if (events & LOOP_READ)
		got = connection->thread->kind->records ? load_records_receive(connection)
							: load_stream_receive(connection);
	if (connection->open && (events & LOOP_WRITE))
		send_due(connection);
	return got;
}

static bool on_stop(struct watch *watch, unsigned events)
{
	struct load_thread *thread =
		(struct load_thread *)((char *)watch - offsetof(struct load_thread, stop));
	int64_t now = clock_now();
	(void)events;
	loop_remove(thread->loop, watch);
	thread->result.stopped = true;
	thread->over = true;
	if (thread->end > now)
		thread->end = now;
	thread->hurried = true;
	return false;
}

/* Datagrams that are not back in time make room for others. */
static void give_up_late_ones(struct load_thread *thread, int64_t now)
{
	for (unsigned i = 0; i < thread->count; i++) {
		struct load_connection *connection = &thread->connections[i];
		bool contiguous = true;
		connection->oldest = load_oldest(connection);
		for (uint64_t number = connection->oldest; number < connection->sent; number++) {
			struct flight *flight = &connection->flights[number & connection->mask];
			bool waiting = flight->number == number && flight->waiting;
			if (waiting && !flight->late &&
			    now - flight->sent >= thread->options->patience) {
				flight->late = true;
				connection->in_flight--;
			}
			contiguous = contiguous && !waiting;
			if (contiguous)
				connection->oldest = number + 1;
		}
		if (connection->open)
			send_due(connection);
	}
}

/*
 * Lets those whose turn has come send. When the next turn is; NEVER without a rate, and at the end.
 */
static int64_t follow_schedule(struct load_thread *thread)
{
	if (thread->options->rate == 0 || thread->over)
		return NEVER;
	for (;;) {
		struct load_connection *connection = &thread->connections[thread->cursor];
		int64_t due = due_time(connection, thread->turn);
		if (due >= thread->end)
			return NEVER;
		if (due > clock_now())
			return due;
		connection->allowed++;
		if (connection->open)
			send_due(connection);
		if (++thread->cursor == thread->count) {
			thread->cursor = 0;
			thread->turn++;
		}
	}
}

/* Does the next message wait for a reply, not for its time? */
static bool blocked(const struct load_thread *thread)
{
	if (thread->options->rate == 0)
		return true;
	for (unsigned i = 0; i < thread->count; i++)
		if (thread->connections[i].open &&
		    thread->connections[i].sent < thread->connections[i].allowed)
			return true;
	return false;
}

/* Is everything sent that is to be sent? */
static bool all_sent(const struct load_thread *thread, int64_t now)
{
	if (thread->over)
		return true;
	return now >= thread->end && (thread->options->rate == 0 || !blocked(thread));
}

static bool finished(struct load_thread *thread, int64_t now)
{
	if (thread->open == 0)
		return true;
	if (!all_sent(thread, now)) {
		int64_t heard = thread->last > thread->begin ? thread->last : thread->begin;
		if (thread->end != NEVER)
			return now - thread->end >= thread->options->grace;
		if (now - heard >= SILENCE && blocked(thread)) {
			thread->over = true;
			load_tell(&thread->connections[0], "nothing came back for 10 s");
		}
		return false;
	}
	if (thread->done == 0)
		thread->done = now;
	int64_t grace = thread->options->grace;
	if (thread->hurried && grace > HURRY)
		grace = HURRY;
	return thread->waiting == 0 ||
	       now - (thread->last > thread->done ? thread->last : thread->done) >= grace;
}

static int64_t thread_cpu(void)
{
	struct timespec used;
	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == -1)
		return 0;
	return used.tv_sec * NSEC_PER_SEC + used.tv_nsec;
}

/* What was due before the end and never sent is lost as well. */
static uint64_t never_sent(const struct load_thread *thread)
{
	uint64_t count = 0;
	if (thread->options->rate == 0 || thread->options->messages > 0)
		return 0;
	for (unsigned i = 0; i < thread->count; i++) {
		const struct load_connection *connection = &thread->connections[i];
		for (uint64_t number = connection->sent; due_time(connection, number) < thread->end;
		     number++)
			count += within(thread, due_time(connection, number));
	}
	return count;
}

static int64_t earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long to sleep at most; 0: something is due so soon that sleeping would miss it. */
static int64_t sleep_until(const struct load_thread *thread, int64_t now, int64_t next,
			   int64_t tick)
{
	int64_t until = earliest(tick, thread->end > now ? thread->end : NEVER);
	if (next == NEVER)
		return until;
	if (next - now <= loop_precision())
		return 0;
	return earliest(until, next - loop_precision());
}

static void finish(struct load_thread *thread, int64_t cpu)
{
	struct load_result *result = &thread->result;
	int64_t last = thread->last > thread->begin ? thread->last : clock_now();
	result->cpu = thread_cpu() - cpu;
	result->elapsed = last > thread->begin ? last - thread->begin : 0;
	result->sent = thread->counted + result->damaged - thread->strays;
	result->lost = thread->counted - result->messages + never_sent(thread);
	for (unsigned i = 0; i < thread->count; i++)
		if (thread->connections[i].open)
			close_connection(&thread->connections[i]);
}

void load_thread_run(struct load_thread *thread)
{
	const struct load_options *options = thread->options;
	int64_t cpu = thread_cpu(), tick = clock_now() + TICK;
	bool begun = false;
	for (unsigned i = 0; i < thread->count; i++)
		if (thread->connections[i].open)
			send_due(&thread->connections[i]);
	for (;;) {
		int64_t next = follow_schedule(thread);
		int64_t now = clock_now();
		if (!begun && now >= thread->begin) {
			begun = true;
			cpu = thread_cpu();
		}
		if (now >= tick) {
			if (!thread->kind->connected)
				give_up_late_ones(thread, now);
			if (options->progress && thread == thread->first)
				options->progress(options->context, now - thread->begin);
			tick = now + TICK;
		}
		if (finished(thread, now))
			break;
		loop_turn(thread->loop, sleep_until(thread, now, next, tick));
	}
	finish(thread, cpu);
}

int load_thread_watch(struct load_thread *thread, struct load_connection *connection)
{
	connection->watch = (struct watch){ .fd = connection->client.fd, .ready = on_ready };
	if (loop_add(thread->loop, &connection->watch, LOOP_READ) == -1)
		return -1;
	connection->open = true;
	thread->open++;
	return 0;
}

int load_thread_watch_stop(struct load_thread *thread)
{
	thread->stop = (struct watch){ .fd = thread->options->stop, .ready = on_stop };
	return loop_add(thread->loop, &thread->stop, LOOP_READ);
}
