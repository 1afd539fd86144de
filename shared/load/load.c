#include "load/load.h"

#include "base/clock.h"
#include "base/pages.h"
#include "load/load_thread.h"
#include "net/family.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* A power of two: for datagrams many more than may be in flight, so that a late one is known. */
static uint64_t ring_size(const struct load_ledger *ledger)
{
	uint64_t least = ledger->kind->connected ? ledger->options->depth
						 : 32 * (uint64_t)ledger->options->depth;
	uint64_t size = 16;
	while (size < least)
		size *= 2;
	return size;
}

static int connect_all(struct load_thread *thread, const struct endpoint_list *list, unsigned first,
		       struct error *error)
{
	struct load_ledger *ledger = &thread->ledger;
	uint64_t ring = ring_size(ledger);
	for (unsigned i = 0; i < thread->count; i++) {
		struct load_connection *connection = &thread->connections[i];
		connection->ledger = ledger;
		connection->index = first + i;
		connection->mask = ring - 1;
		connection->messages = calloc(ring, sizeof(*connection->messages));
		if (!connection->messages)
			return error_system(error, STATUS_SYSTEM, errno, "load");
		int64_t start = clock_now();
		if (client_open(&connection->client, list, &ledger->options->client, error) == -1)
			return -1;
		int64_t taken = clock_now() - start;
		if (taken > ledger->result.connect)
			ledger->result.connect = taken;
		if (load_thread_watch(thread, connection) == -1) {
			client_close(&connection->client);
			return error_system(error, STATUS_SYSTEM, errno, "load");
		}
	}
	return 0;
}

static int prepare(struct load_thread *thread, const struct endpoint *endpoint, struct error *error)
{
	struct load_ledger *ledger = &thread->ledger;
	const struct load_options *options = ledger->options;
	size_t table = PROBE_SPAN + options->size;
	ledger->kind = endpoint->kind;
	ledger->burst = (unsigned)batch_of(endpoint->family);
	if (options->size > LOAD_BUFFER / ledger->burst)
		ledger->burst = 1;
	ledger->loop = loop_new(options->spin ? NEVER : 0, error);
	if (!ledger->loop)
		return -1;
	ledger->buffer = pages_new(LOAD_BUFFER + table);
	ledger->datagrams = calloc(BATCH_MOST, sizeof(*ledger->datagrams));
	thread->connections = calloc(thread->count, sizeof(*thread->connections));
	if (!ledger->buffer || !ledger->datagrams || !thread->connections ||
	    load_thread_watch_stop(thread) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "load");
	probe_init(&ledger->probe, ledger->buffer + LOAD_BUFFER, options->size);
	load_result_init(&ledger->result);
	return 0;
}

static void release(struct load_thread *thread)
{
	for (unsigned i = 0; thread->connections && i < thread->count; i++) {
		if (thread->connections[i].open)
			client_close(&thread->connections[i].client);
		free(thread->connections[i].messages);
	}
	if (thread->ledger.loop)
		loop_free(thread->ledger.loop);
	free(thread->connections);
	free(thread->ledger.datagrams);
	free(thread->ledger.buffer);
}

static void *run(void *thread)
{
	load_thread_run(thread);
	return NULL;
}

/* The threads ran side by side: their times are not added up. */
static void collect(struct load_result *result, const struct load_thread *threads, unsigned count)
{
	int64_t elapsed = 0;
	for (unsigned i = 0; i < count; i++) {
		const struct load_result *one = &threads[i].ledger.result;
		load_result_add(result, one);
		if (one->elapsed > elapsed)
			elapsed = one->elapsed;
	}
	result->elapsed = elapsed;
}

static int run_all(struct load_thread *threads, unsigned count, struct error *error)
{
	pthread_t *ids = calloc(count, sizeof(*ids));
	unsigned started = 1;
	int result = 0;
	if (!ids)
		return error_system(error, STATUS_SYSTEM, errno, "load");
	for (; started < count; started++) {
		int number = pthread_create(&ids[started], NULL, run, &threads[started]);
		if (number != 0) {
			result = error_system(error, STATUS_SYSTEM, number, "pthread_create");
			break;
		}
	}
	if (result == 0)
		load_thread_run(&threads[0]);
	for (unsigned i = 1; i < started; i++) {
		if (result == -1)
			threads[i].ledger.over = true; /* it looks at this in each turn */
		pthread_join(ids[i], NULL);
	}
	free(ids);
	return result;
}

static int prepare_all(struct load_thread *threads, unsigned count, const struct endpoint *endpoint,
		       const struct load_options *options, struct error *error)
{
	struct endpoint_list list = { 0 };
	unsigned first = 0;
	int result = endpoint_list_add(&list, endpoint, error);
	for (unsigned i = 0; result == 0 && i < count; i++) {
		threads[i].ledger.options = options;
		threads[i].first = threads;
		threads[i].count =
			options->connections / count + (i < options->connections % count);
		threads[i].ledger.left =
			options->messages / count + (i < options->messages % count);
		result = prepare(&threads[i], endpoint, error);
		if (result == 0)
			result = connect_all(&threads[i], &list, first, error);
		first += threads[i].count;
	}
	endpoint_list_free(&list);
	return result;
}

int load_run(const struct endpoint *endpoint, const struct load_options *options,
	     struct load_result *result, struct error *error)
{
	unsigned count =
		options->threads < options->connections ? options->threads : options->connections;
	struct load_thread *threads = calloc(count, sizeof(*threads));
	load_result_init(result);
	if (!threads)
		return error_system(error, STATUS_SYSTEM, errno, "load");
	int status = prepare_all(threads, count, endpoint, options, error);
	int64_t begin = clock_now() + options->warmup;
	for (unsigned i = 0; i < count; i++) {
		struct load_ledger *ledger = &threads[i].ledger;
		ledger->begin = begin;
		ledger->end = options->duration == NEVER ? NEVER : begin + options->duration;
		ledger->over = options->messages > 0 && ledger->left == 0;
	}
	if (status == 0)
		status = run_all(threads, count, error);
	if (status == 0)
		collect(result, threads, count);
	for (unsigned i = 0; i < count; i++)
		release(&threads[i]);
	free(threads);
	return status;
}
