#ifndef SERVER_ACCEPTOR_H
#define SERVER_ACCEPTOR_H

#include "base/error.h"
#include "server/connection.h"
#include "server/listener.h"
#include "server/service.h"

struct acceptor;

/* One worker's eyes on the stream and seqpacket listeners. */
struct acceptors {
	struct service *service;
	struct connections *connections; /* where those that come in go */
	struct acceptor *items;
	size_t count;
	int64_t resume; /* when to look again for a free descriptor; NEVER: they accept */
};

/* Watches those of the COUNT listeners that peers connect to. */
int acceptors_start(struct acceptors *acceptors, struct service *service,
		    struct connections *connections, struct listener *listeners, size_t count,
		    struct error *error);
void acceptors_free(struct acceptors *acceptors);

/* Takes what is queued already, and leaves the listeners. */
void acceptors_stop(struct acceptors *acceptors);

/* When they look again, if they pause, and the moment when they may. */
int64_t acceptors_next(const struct acceptors *acceptors);
void acceptors_resume(struct acceptors *acceptors);

#endif
