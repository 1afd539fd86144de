#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include "base/error.h"
#include "base/signals.h"
#include "net/endpoint.h"
#include "server/listener.h"
#include "server/service.h"

/* One thread of the server, with a loop of its own over all listeners and the peers that it took. */
struct worker;

/* The same for all workers. */
struct worker_plan {
	const struct server_options *options;
	struct server_counts *counts;
	struct listener *listeners;
	size_t listener_count;
	const struct signals *signals;
	bool datagrams; /* it serves datagram listeners too */
};

struct worker *worker_new(const struct worker_plan *plan, struct error *error);
void worker_free(struct worker *worker);

/* Gives it a connection at once: one that is the whole service (inetd's). */
int worker_take(struct worker *worker, const struct endpoint *at, int fd, struct error *error);

/* Until all is over. */
void worker_run(struct worker *worker);

const struct server_totals *worker_totals(const struct worker *worker);

#endif
