#include "server/worker.h"

#include "base/clock.h"
#include "base/random.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* How long a peer that was told of the end may take to end too. */
#define LINGER (500 * NSEC_PER_MSEC)

/* How long a peer has to prove itself, however it spends that time. */
#define OPENING (5 * NSEC_PER_SEC)

/* Peers that have not proven themselves, over all workers. */
#define UNPROVEN_MOST 64

/* How soon to look again where no event will come. */
#define RETRY NSEC_PER_MSEC

static bool on_stop(struct watch *watch, unsigned events)
{
	struct worker *worker = (struct worker *)((char *)watch - offsetof(struct worker, stop));
	(void)events;
	loop_remove(worker->loop, watch);
	worker->end = clock_now() + worker->server->options->drain;
	for (size_t i = 0; i < worker->acceptor_count; i++)
		acceptor_stop(&worker->acceptors[i]);
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_stop(worker->responders[i]);
	worker->acceptor_count = 0;
	worker->resume = NEVER;
	connections_drain(worker);
	return false;
}

static bool on_hurry(struct watch *watch, unsigned events)
{
	struct worker *worker = (struct worker *)((char *)watch - offsetof(struct worker, hurry));
	(void)events;
	loop_remove(worker->loop, watch);
	worker->end = 0;
	return false;
}

static int watch_listeners(struct worker *worker, struct error *error)
{
	struct server *server = worker->server;
	worker->acceptors = calloc(server->count + 1, sizeof(*worker->acceptors));
	worker->responders = calloc(server->count + 1, sizeof(*worker->responders));
	if (!worker->acceptors || !worker->responders)
		return error_system(error, STATUS_SYSTEM, errno, "worker");
	for (size_t i = 0; i < server->count; i++) {
		struct listener *listener = &server->listeners[i];
		if (listener->endpoint.kind->connected) {
			struct acceptor *acceptor = &worker->acceptors[worker->acceptor_count++];
			if (acceptor_start(acceptor, worker, listener) == -1)
				return error_system(error, STATUS_SYSTEM, errno, "loop");
		} else {
			struct responder *responder = responder_start(worker, listener, error);
			if (!responder)
				return -1;
			worker->responders[worker->responder_count++] = responder;
		}
	}
	return 0;
}

/* A connection that is the whole service (inetd's): one worker has it. */
static void take_single(struct worker *worker)
{
	struct server *server = worker->server;
	struct sockaddr_storage peer = { 0 };
	socklen_t length = sizeof(peer);
	if (server->single == -1)
		return;
	int fd = server->single;
	server->single = -1;
	if (getpeername(fd, (struct sockaddr *)&peer, &length) == -1)
		length = 0;
	connection_start(worker, &server->single_endpoint, fd, &peer, length);
}

struct worker *worker_new(struct server *server, int stop, int hurry, struct error *error)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	if (!worker) {
		error_system(error, STATUS_SYSTEM, errno, "worker");
		return NULL;
	}
	worker->server = server;
	worker->resume = worker->end = NEVER;
	worker->random = -1;
	worker->unproven_most =
		(UNPROVEN_MOST + server->options->workers - 1) / server->options->workers;
	worker->stop = (struct watch){ .fd = stop, .ready = on_stop };
	worker->hurry = (struct watch){ .fd = hurry, .ready = on_hurry };
	timeline_init(&worker->idle, server->options->idle);
	timeline_init(&worker->linger, LINGER);
	timeline_init(&worker->opening, OPENING);
	timeline_init(&worker->retry, RETRY);
	worker->buffer = malloc(WORKER_BUFFER);
	worker->loop = worker->buffer ? loop_new(server->options->spin, error) : NULL;
	if (!worker->buffer)
		error_system(error, STATUS_SYSTEM, errno, "worker");
	if (!worker->loop)
		goto failed;
	if (loop_add(worker->loop, &worker->stop, LOOP_READ) == -1 ||
	    loop_add(worker->loop, &worker->hurry, LOOP_READ) == -1) {
		error_system(error, STATUS_SYSTEM, errno, "loop");
		goto failed;
	}
	if (server->options->plan.keys) {
		worker->random = random_open(error);
		if (worker->random == -1)
			goto failed;
	}
	if (watch_listeners(worker, error) == -1)
		goto failed;
	take_single(worker);
	return worker;
failed:
	worker_free(worker);
	return NULL;
}

void worker_free(struct worker *worker)
{
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_free(worker->responders[i]);
	if (worker->loop)
		loop_free(worker->loop);
	if (worker->random != -1)
		close(worker->random);
	free(worker->acceptors);
	free(worker->responders);
	free(worker->buffer);
	free(worker);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t next_deadline(const struct worker *worker)
{
	int64_t next = earlier(worker->end, worker->resume);
	next = earlier(next, timeline_next(&worker->idle));
	next = earlier(next, timeline_next(&worker->linger));
	next = earlier(next, timeline_next(&worker->opening));
	next = earlier(next, timeline_next(&worker->retry));
	for (size_t i = 0; i < worker->responder_count; i++)
		next = earlier(next, responder_next(worker->responders[i]));
	return next;
}

static void expire(struct worker *worker)
{
	int64_t now = clock_now();
	if (worker->resume <= now)
		acceptors_resume(worker);
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_expire(worker->responders[i], now);
	connections_expire(worker, now);
}

/*
 * While it serves there is always more to come; while it ends, and for a single connection, there
 * is not.
 */
static bool anything_left(const struct worker *worker)
{
	if (worker->connections || worker->acceptor_count > 0)
		return true;
	if (worker->end == NEVER)
		return worker->responder_count > 0;
	for (size_t i = 0; i < worker->responder_count; i++)
		if (responder_next(worker->responders[i]) != NEVER)
			return true;
	return false;
}

void worker_run(struct worker *worker)
{
	while (anything_left(worker) && (worker->end == NEVER || clock_now() < worker->end)) {
		int64_t next = next_deadline(worker);
		loop_turn(worker->loop, next);
		if (next != NEVER)
			expire(worker);
	}
	connections_abandon(worker);
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_leave(worker->responders[i]);
}
