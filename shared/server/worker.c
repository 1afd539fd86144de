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
	struct watch stop, end, hurry;
	bool stopped;       /* it takes no new peers */
	int64_t grace_over; /* until then they are served as before; NEVER: that is over, or not begun */
	int64_t deadline; /* by when all must be over; NEVER: it is not ending */
};

/* Those that are there are served until they leave; a datagram peer, until it has been quiet. */
static void stop(struct worker *worker)
{
	const struct server_options *options = worker->service.options;
	int64_t now = clock_now();
	if (worker->stopped)
		return;
	worker->stopped = true;
	if (options->stopping && !atomic_exchange(&worker->service.counts->stopping, true))
		options->stopping();
	acceptors_stop(&worker->acceptors);
	worker->grace_over = now + options->grace;
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_stop_when_quiet(worker->responders[i], now);
}

/* What they have sent is still answered. */
static void end(struct worker *worker)
{
	stop(worker);
	worker->grace_over = NEVER;
	worker->deadline = clock_now() + worker->service.options->drain;
	for (size_t i = 0; i < worker->responder_count; i++)
		responder_stop(worker->responders[i]);
	connections_end(&worker->connections);
}

static bool on_stop(struct watch *watch, unsigned events)
{
	struct worker *worker = (struct worker *)((char *)watch - offsetof(struct worker, stop));
	(void)events;
	loop_remove(worker->service.loop, watch);
	if (worker->service.options->grace > 0)
		stop(worker);
	else
		end(worker);
	return false;
}

static bool on_end(struct watch *watch, unsigned events)
{
	struct worker *worker = (struct worker *)((char *)watch - offsetof(struct worker, end));
	(void)events;
	loop_remove(worker->service.loop, watch);
	if (worker->deadline == NEVER)
		end(worker);
	return false;
}

static bool on_hurry(struct watch *watch, unsigned events)
{
	struct worker *worker = (struct worker *)((char *)watch - offsetof(struct worker, hurry));
	(void)events;
	loop_remove(worker->service.loop, watch);
	worker->deadline = 0;
	return false;
}

static int watch_signals(struct worker *worker, const struct signals *signals, struct error *error)
{
	worker->stop = (struct watch){ .fd = signals->stop, .ready = on_stop };
	worker->end = (struct watch){ .fd = signals->end, .ready = on_end };
	worker->hurry = (struct watch){ .fd = signals->hurry, .ready = on_hurry };
	if (loop_add(worker->service.loop, &worker->stop, LOOP_READ) == -1 ||
	    (signals->end != -1 && loop_add(worker->service.loop, &worker->end, LOOP_READ) == -1) ||
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
		if (!plan->datagrams) {
			listener_leave(&plan->listeners[i]);
			continue;
		}
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
	if (plan->options->plan.form->who)
		service->text = malloc(WHO_ROOM);
	if (!service->buffer || (plan->options->plan.form->who && !service->text))
		return error_system(error, STATUS_SYSTEM, errno, "worker");
	if (watch_signals(worker, plan->signals, error) == -1 ||
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
	worker->grace_over = worker->deadline = NEVER;
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
	free(worker->service.text);
	free(worker);
}

int worker_take(struct worker *worker, const struct endpoint *at, int fd, struct error *error)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t length = sizeof(peer);
	if (getpeername(fd, (struct sockaddr *)&peer, &length) == -1)
		length = 0;
	if (connection_start(&worker->connections, at, 1, fd, &peer, length) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "descriptor %d", fd);
	return 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t next_deadline(const struct worker *worker)
{
	int64_t next = earlier(worker->deadline, acceptors_next(&worker->acceptors));
	next = earlier(next, worker->grace_over);
	next = earlier(next, connections_next(&worker->connections));
	for (size_t i = 0; i < worker->responder_count; i++)
		next = earlier(next, responder_next(worker->responders[i]));
	return next;
}

static void expire(struct worker *worker)
{
	int64_t now = clock_now();
	if (worker->grace_over <= now)
		end(worker);
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
	if (!worker->stopped)
		return worker->responder_count > 0;
	for (size_t i = 0; i < worker->responder_count; i++)
		if (responder_next(worker->responders[i]) != NEVER)
			return true;
	return false;
}

void worker_run(struct worker *worker)
{
	while (anything_left(worker) &&
	       (worker->deadline == NEVER || clock_now() < worker->deadline)) {
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
