#include "server/acceptor.h"

#include "base/clock.h"
#include "net/sock.h"

#include <errno.h>
#include <stdlib.h>

/* So many are accepted in one go, then those that were accepted before get their turn. */
#define BATCH 64

/* Where peers must prove themselves, those that are here get to it before too many others come. */
#define PROVING_BATCH 1

/* Without a free descriptor accept(2) fails at once, again and again: look again after so long. */
#define RETRY (100 * NSEC_PER_MSEC)

struct acceptor {
	struct watch watch;
	struct acceptors *all;
	struct listener *listener;
};

static void pause_all(struct acceptors *all)
{
	all->resume = clock_now() + RETRY;
	for (size_t i = 0; i < all->count; i++)
		loop_want(all->service->loop, &all->items[i].watch, 0);
}

static bool full(const struct service *service)
{
	return atomic_load(&service->counts->open) >= service->options->max_connections;
}

static bool accept_one(struct acceptor *acceptor)
{
	struct acceptors *all = acceptor->all;
	struct sockaddr_storage peer = { 0 };
	socklen_t length;
	if (full(all->service)) {
		pause_all(all);
		return false;
	}
	int fd = sock_accept(acceptor->watch.fd, &acceptor->listener->endpoint, &peer, &length);
	if (fd == -1) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			pause_all(all);
		/* else none is there, or it was gone before we came (ECONNABORTED and its like) */
		return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
	}
	connection_start(all->connections, &acceptor->listener->endpoint,
			 atomic_fetch_add(&acceptor->listener->taken, 1) + 1, fd, &peer, length);
	return true;
}

/*
 * Of the workers that wait for a listener the first in line is woken, and would be again each time:
 * whoever has got a connection goes to the end, so that all get their share.
 */
static void stand_in_line(struct acceptor *acceptor)
{
	struct acceptors *all = acceptor->all;
	if (acceptor->watch.wants == 0)
		return; /* all of ours pause */
	loop_want(all->service->loop, &acceptor->watch, 0);
	if (loop_want(all->service->loop, &acceptor->watch, LOOP_READ) == -1)
		all->resume = clock_now() + RETRY;
}

static bool on_ready(struct watch *watch, unsigned events)
{
	struct acceptor *acceptor = (struct acceptor *)watch; /* its first member */
	int most = acceptor->all->service->options->plan.keys ? PROVING_BATCH : BATCH;
	int count = 0;
	(void)events;
	if (watch->shared)
		most = 1;
	while (count < most && accept_one(acceptor))
		count++;
	if (watch->shared && count > 0)
		stand_in_line(acceptor);
	return count > 0;
}

int acceptors_start(struct acceptors *all, struct service *service, struct connections *connections,
		    struct listener *listeners, size_t count, struct error *error)
{
	*all = (struct acceptors){ .service = service,
				   .connections = connections,
				   .resume = NEVER };
	all->items = calloc(count + 1, sizeof(*all->items));
	if (!all->items)
		return error_system(error, STATUS_SYSTEM, errno, "acceptors");
	for (size_t i = 0; i < count; i++) {
		struct acceptor *acceptor = &all->items[all->count];
		if (!listeners[i].endpoint.kind->connected)
			continue;
		*acceptor = (struct acceptor){
			.watch = { .fd = listeners[i].fd,
				   .shared = service->options->workers > 1,
				   .ready = on_ready },
			.all = all,
			.listener = &listeners[i],
		};
		if (loop_add(service->loop, &acceptor->watch, LOOP_READ) == -1)
			return error_system(error, STATUS_SYSTEM, errno, "loop");
		all->count++;
	}
	return 0;
}

void acceptors_free(struct acceptors *all)
{
	free(all->items);
}

void acceptors_stop(struct acceptors *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct acceptor *acceptor = &all->items[i];
		/* closing would reset those whose handshake is complete, who may have sent already */
		for (int n = 0; n < SOMAXCONN && accept_one(acceptor); n++)
			;
		loop_remove(all->service->loop, &acceptor->watch);
		listener_leave(acceptor->listener);
	}
	all->count = 0;
	all->resume = NEVER;
}

int64_t acceptors_next(const struct acceptors *all)
{
	return all->resume;
}

void acceptors_resume(struct acceptors *all)
{
	if (all->resume == NEVER)
		return;
	all->resume = NEVER;
	for (size_t i = 0; i < all->count; i++)
		if (loop_want(all->service->loop, &all->items[i].watch, LOOP_READ) == -1)
			all->resume = clock_now() + RETRY;
}
