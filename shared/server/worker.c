#include "server/worker.h"

#include "base/clock.h"
#include "base/pages.h"
#include "server/acceptor.h"
#include "server/connection.h"
#include "server/responder.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>

struct worker {
	struct service service;
	struct connections connections;
	struct acceptors acceptors;
	struct responder **responders;
	size_t responder_count;
	struct watch stop, hurry;
	int64_t end; /* by when all must be over; NEVER: it is not ending */
};

static bool on_stop(struct watch *watch, unsigned events)
{
	struct worker *worker = (struct worker *)((char *)watch - offsetof(struct worker, stop));
	(void)events;
	loop_remove(worker->service.loop, watch);
	worker->end = clock_now() + worker->service.options->drain;
	if (worker->service.options->stopping &&
	    !atomic_exchange(&worker->service.counts->stopping, true))
		worker->service.options->stopping();
	acceptors_stop(&worker->acceptors);
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_stop(worker->responders[i]);
	connections_end(&worker->connections);
	return false;
}

static bool on_hurry(struct watch *watch, unsigned events)
{
	struct worker *worker = (struct worker *)((char *)watch - offsetof(struct worker, hurry));
	(void)events;
	loop_remove(worker->service.loop, watch);
	worker->end = 0;
	return false;
}

static int watch_signals(struct worker *worker, const struct worker_plan *plan, struct error *error)
{
	worker->stop = (struct watch){ .fd = plan->stop, .ready = on_stop };
	worker->hurry = (struct watch){ .fd = plan->hurry, .ready = on_hurry };
	if (loop_add(worker->service.loop, &worker->stop, LOOP_READ) == -1 ||
	    loop_add(worker->service.loop, &worker->hurry, LOOP_READ) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "loop");
	return 0;
}

static int start_responders(struct worker *worker, const struct worker_plan *plan,
			    struct error *error)
{
	worker->responders = calloc(plan->listener_count + 1, sizeof(*worker->responders));
	if (!worker->responders)
		return error_system(error, STATUS_SYSTEM, errno, "worker");
	for (size_t i = 0; i < plan->listener_count; i++) {
		if (plan->listeners[i].endpoint.kind->connected)
			continue;
		struct responder *responder =
			responder_start(&worker->service, &plan->listeners[i], error);
		if (!responder)
			return -1;
		worker->responders[worker->responder_count++] = responder;
	}
	return 0;
}

static int equip(struct worker *worker, const struct worker_plan *plan, struct error *error)
{
	struct service *service = &worker->service;
	service->options = plan->options;
	service->counts = plan->counts;
	service->loop = loop_new(plan->options->spin, error);
	if (!service->loop)
		return -1;
	service->buffer = pages_new(SERVICE_BUFFER);
	if (!service->buffer)
		return error_system(error, STATUS_SYSTEM, errno, "worker");
	if (watch_signals(worker, plan, error) == -1 ||
	    connections_init(&worker->connections, service, error) == -1 ||
	    acceptors_start(&worker->acceptors, service, &worker->connections, plan->listeners,
			    plan->listener_count, error) == -1)
		return -1;
	return start_responders(worker, plan, error);
}

struct worker *worker_new(const struct worker_plan *plan, struct error *error)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	if (!worker) {
		error_system(error, STATUS_SYSTEM, errno, "worker");
		return NULL;
	}
	worker->connections.random = -1;
	worker->end = NEVER;
	if (equip(worker, plan, error) == 0)
		return worker;
	worker_free(worker);
	return NULL;
}

void worker_free(struct worker *worker)
{
	connections_abandon(&worker->connections);
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_free(worker->responders[i]);
	free(worker->responders);
	acceptors_free(&worker->acceptors);
	connections_free(&worker->connections);
	if (worker->service.loop)
		loop_free(worker->service.loop);
	free(worker->service.buffer);
	free(worker);
}

int worker_take(struct worker *worker, const struct endpoint *at, int fd, struct error *error)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t length = sizeof(peer);
	if (getpeername(fd, (struct sockaddr *)&peer, &length) == -1)
		length = 0;
	if (connection_start(&worker->connections, at, fd, &peer, length) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "descriptor %d", fd);
	return 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t next_deadline(const struct worker *worker)
{
	int64_t next = earlier(worker->end, acceptors_next(&worker->acceptors));
	next = earlier(next, connections_next(&worker->connections));
	for (size_t i = 0; i < worker->responder_count; i++)
		next = earlier(next, responder_next(worker->responders[i]));
	return next;
}

static void expire(struct worker *worker)
{
	int64_t now = clock_now();
	if (acceptors_next(&worker->acceptors) <= now)
		acceptors_resume(&worker->acceptors);
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_expire(worker->responders[i], now);
	connections_expire(&worker->connections, now);
}

/*
 * While it serves there is always more to come. There is not while it ends, nor where a single
 * connection is all that it has.
 */
static bool anything_left(const struct worker *worker)
{
	if (worker->connections.first || worker->acceptors.count > 0)
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
		loop_turn(worker->service.loop, next);
		if (next != NEVER)
			expire(worker);
		if (worker->connections.departed) {
			worker->connections.departed = false;
			acceptors_resume(&worker->acceptors);
		}
	}
	connections_abandon(&worker->connections);
}

const struct server_totals *worker_totals(const struct worker *worker)
{
	return &worker->service.totals;
}
