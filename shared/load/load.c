#include "load/load.h"

#include "base/clock.h"
#include "net/family.h"
#include "load/load_inside.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

void load_result_init(struct load_result *result)
{
	memset(result, 0, offsetof(struct load_result, response));
	histogram_init(&result->response);
	histogram_init(&result->service);
}

void load_result_add(struct load_result *into, const struct load_result *from)
{
	into->messages += from->messages;
	into->bytes += from->bytes;
	into->lost += from->lost;
	into->damaged += from->damaged;
	into->duplicates += from->duplicates;
	into->warmup += from->warmup;
	into->broken += from->broken;
	into->sent += from->sent;
	if (from->connect > into->connect)
		into->connect = from->connect;
	into->elapsed += from->elapsed;
	into->cpu += from->cpu;
	into->stopped |= from->stopped;
	if (into->trouble.status == STATUS_OK)
		into->trouble = from->trouble;
	histogram_merge(&into->response, &from->response);
	histogram_merge(&into->service, &from->service);
}

/*
 * A power of two: for datagrams many more than may be in flight, so that a late one is known again.
 */
static uint64_t ring_size(const struct load_thread *thread)
{
	uint64_t least = thread->kind->connected ? thread->options->depth
						 : 32 * (uint64_t)thread->options->depth;
	uint64_t size = 16;
	while (size < least)
		size *= 2;
	return size;
}

static int connect_all(struct load_thread *thread, const struct endpoint_list *list, unsigned first,
		       struct error *error)
{
	uint64_t ring = ring_size(thread);
	for (unsigned i = 0; i < thread->count; i++) {
		struct load_connection *connection = &thread->connections[i];
		connection->thread = thread;
		connection->index = first + i;
		connection->mask = ring - 1;
		connection->flights = calloc(ring, sizeof(*connection->flights));
		if (!connection->flights)
			return error_system(error, STATUS_SYSTEM, errno, "load");
		int64_t start = clock_now();
		if (client_open(&connection->client, list, &thread->options->client, error) == -1)
			return -1;
		int64_t taken = clock_now() - start;
		if (taken > thread->result.connect)
			thread->result.connect = taken;
		if (load_thread_watch(thread, connection) == -1) {
			client_close(&connection->client);
			return error_system(error, STATUS_SYSTEM, errno, "load");
		}
	}
	return 0;
}

static int prepare(struct load_thread *thread, const struct endpoint *endpoint, struct error *error)
{
	const struct load_options *options = thread->options;
	size_t table = PROBE_SPAN + options->size;
	thread->kind = endpoint->kind;
	thread->burst = (unsigned)batch_of(endpoint->family);
	if (options->size > LOAD_BUFFER / thread->burst)
		thread->burst = 1;
	thread->loop = loop_new(options->spin ? NEVER : 0, error);
	if (!thread->loop)
		return -1;
	thread->buffer = malloc(LOAD_BUFFER + table);
	thread->datagrams = calloc(BATCH_MOST, sizeof(*thread->datagrams));
	thread->connections = calloc(thread->count, sizeof(*thread->connections));
	if (!thread->buffer || !thread->datagrams || !thread->connections ||
	    load_thread_watch_stop(thread) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "load");
	probe_init(&thread->probe, thread->buffer + LOAD_BUFFER, options->size);
	load_result_init(&thread->result);
	return 0;
}

static void release(struct load_thread *thread)
{
	for (unsigned i = 0; thread->connections && i < thread->count; i++) {
		if (thread->connections[i].open)
			client_close(&thread->connections[i].client);
		free(thread->connections[i].flights);
	}
	if (thread->loop)
		loop_free(thread->loop);
	free(thread->connections);
	free(thread->datagrams);
	free(thread->buffer);
}

static void *run(void *thread)
{
	load_thread_run(thread);
	return NULL;
}

/* The threads side by side: times are not added up. */
static void collect(struct load_result *result, const struct load_thread *threads, unsigned count)
{
	int64_t elapsed = 0;
	for (unsigned i = 0; i < count; i++) {
		load_result_add(result, &threads[i].result);
		if (threads[i].result.elapsed > elapsed)
			elapsed = threads[i].result.elapsed;
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
			threads[i].over = true; /* what it sees late, it sees at its next turn */
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
		threads[i].options = options;
		threads[i].first = threads;
		threads[i].count =
			options->connections / count + (i < options->connections % count);
		threads[i].left = options->messages / count + (i < options->messages % count);
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
		threads[i].begin = begin;
		threads[i].end = options->duration == NEVER ? NEVER : begin + options->duration;
		threads[i].over = options->messages > 0 && threads[i].left == 0;
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
