#include "load/load_thread.h"

#include "base/clock.h"
#include "load/load_records.h"
#include "load/load_stream.h"

#include <stddef.h>
#include <time.h>

#define TICK (20 * NSEC_PER_MSEC)

/* Grace after the user has stopped it, who does not want to wait long. */
#define HURRY (200 * NSEC_PER_MSEC)

/* With a number of messages and no end in time, a silence as long as this ends it. */
#define SILENCE (10 * NSEC_PER_SEC)

static void send_due(struct load_connection *connection)
{
	if (connection->ledger->kind->records)
		load_records_send(connection);
	else
		load_stream_send(connection);
}

static bool on_ready(struct watch *watch, unsigned events)
{
	struct load_connection *connection = (struct load_connection *)watch; /* its first member */
	bool got = false;
	if (events & LOOP_READ)
		got = connection->ledger->kind->records ? load_records_receive(connection)
							: load_stream_receive(connection);
	if (connection->open && (events & LOOP_WRITE))
		send_due(connection);
	return got;
}

static void give_up_late_ones(struct load_thread *thread, int64_t now)
{
	for (unsigned i = 0; i < thread->count; i++) {
		struct load_connection *connection = &thread->connections[i];
		load_ledger_give_up(connection, now);
		if (connection->open)
			send_due(connection);
	}
}

/* So many turns are taken before what came back meanwhile, or a signal, is looked at. */
#define TURNS 1024

/*
 * Lets those send whose turn has come. Returns when the next turn is, which may be past; NEVER:
 * there is none.
 */
static int64_t follow_schedule(struct load_thread *thread)
{
	if (thread->ledger.options->rate == 0 || thread->ledger.over)
		return NEVER;
	for (int taken = 0;; taken++) {
		struct load_connection *connection = &thread->connections[thread->cursor];
		int64_t due = load_ledger_due_time(connection, thread->turn);
		if (due >= thread->ledger.end)
			return NEVER;
		if (taken == TURNS || due > clock_now())
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

static bool on_stop(struct watch *watch, unsigned events)
{
	struct load_thread *thread =
		(struct load_thread *)((char *)watch - offsetof(struct load_thread, stop));
	(void)events;
	loop_remove(thread->ledger.loop, watch);
	int64_t now = clock_now();
	if (thread->ledger.end > now)
		thread->ledger.end = now;
	/* what was due until now is still sent, in its turn: it is not lost */
	if (thread->ledger.options->rate == 0)
		thread->ledger.over = true;
	follow_schedule(thread);
	thread->ledger.result.stopped = true;
	thread->hurried = true;
	return false;
}

/* Does the next message wait for a reply, not for its time? */
static bool blocked(const struct load_thread *thread)
{
	if (thread->ledger.options->rate == 0)
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
	const struct load_ledger *ledger = &thread->ledger;
	if (ledger->over)
		return true;
	return now >= ledger->end && (ledger->options->rate == 0 || !blocked(thread));
}

static int64_t earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool finished(struct load_thread *thread, int64_t now)
{
	struct load_ledger *ledger = &thread->ledger;
	int64_t grace = ledger->options->grace;
	if (thread->hurried && grace > HURRY)
		grace = HURRY;
	if (ledger->open == 0 || (ledger->options->until && now >= ledger->options->until))
		return true;
	if (!all_sent(thread, now)) {
		if (ledger->end != NEVER)
			return now - ledger->end >= grace;
		if (now - latest(ledger->last, ledger->begin) >= SILENCE && blocked(thread)) {
			ledger->over = true;
			load_ledger_trouble(&thread->connections[0], "nothing came back for 10 s");
		}
		return false;
	}
	if (thread->done == 0)
		thread->done = now;
	return ledger->waiting == 0 || now - latest(ledger->last, thread->done) >= grace;
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
	const struct load_options *options = thread->ledger.options;
	uint64_t count = 0;
	if (options->rate == 0 || options->messages > 0)
		return 0;
	for (unsigned i = 0; i < thread->count; i++)
		count += load_ledger_unsent(&thread->connections[i]);
	return count;
}

/* How long to sleep at most; 0: something is due so soon that sleeping would miss it. */
static int64_t sleep_until(const struct load_thread *thread, int64_t now, int64_t next,
			   int64_t tick)
{
	int64_t over = thread->ledger.options->until;
	int64_t until = earliest(tick, thread->ledger.end > now ? thread->ledger.end : NEVER);
	until = earliest(until, over ? over : NEVER);
	if (next == NEVER)
		return until;
	if (next - now <= loop_precision())
		return 0;
	return earliest(until, next - loop_precision());
}

static void finish(struct load_thread *thread, int64_t cpu)
{
	struct load_ledger *ledger = &thread->ledger;
	struct load_result *result = &ledger->result;
	int64_t last = ledger->last > ledger->begin ? ledger->last : clock_now();
	result->cpu = thread_cpu() - cpu;
	result->elapsed = last > ledger->begin ? last - ledger->begin : 0;
	result->sent = ledger->counted + result->damaged - ledger->strays;
	result->lost = ledger->counted - result->messages + never_sent(thread);
	for (unsigned i = 0; i < thread->count; i++)
		if (thread->connections[i].open)
			load_ledger_close(&thread->connections[i]);
}

static void tell_progress(struct load_thread *thread, int64_t now)
{
	struct load_ledger *ledger = &thread->ledger;
	const struct load_options *options = ledger->options;
	struct load_result *so_far = &ledger->result;
	so_far->sent = ledger->counted + so_far->damaged - ledger->strays;
	so_far->lost = ledger->counted - so_far->messages - ledger->waiting;
	options->progress(options->context, now - ledger->begin, so_far,
			  (double)thread->count / (double)options->connections);
}

void load_thread_run(struct load_thread *thread)
{
	const struct load_ledger *ledger = &thread->ledger;
	const struct load_options *options = ledger->options;
	int64_t cpu = thread_cpu(), tick = clock_now() + TICK;
	bool begun = false;
	for (unsigned i = 0; i < thread->count; i++)
		if (thread->connections[i].open)
			send_due(&thread->connections[i]);
	for (;;) {
		int64_t next = follow_schedule(thread);
		int64_t now = clock_now();
		if (!begun && now >= ledger->begin) {
			begun = true;
			cpu = thread_cpu();
		}
		if (now >= tick) {
			if (!ledger->kind->connected)
				give_up_late_ones(thread, now);
			if (options->progress && thread == thread->first)
				tell_progress(thread, now);
			tick = now + TICK;
		}
		if (finished(thread, now))
			break;
		loop_turn(ledger->loop, sleep_until(thread, now, next, tick));
	}
	finish(thread, cpu);
}

int load_thread_watch(struct load_thread *thread, struct load_connection *connection)
{
	connection->watch = (struct watch){ .fd = connection->client.fd, .ready = on_ready };
	if (loop_add(thread->ledger.loop, &connection->watch, LOOP_READ) == -1)
		return -1;
	connection->open = true;
	thread->ledger.open++;
	return 0;
}

int load_thread_watch_stop(struct load_thread *thread)
{
	thread->stop = (struct watch){ .fd = thread->ledger.options->stop, .ready = on_stop };
	return loop_add(thread->ledger.loop, &thread->stop, LOOP_READ);
}
