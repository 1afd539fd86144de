#ifndef SERVER_CONNECTIONS_H
#define SERVER_CONNECTIONS_H

#include "base/agenda.h"
#include "base/error.h"
#include "base/timeline.h"
#include "server/service.h"

#include <stdbool.h>

struct connection;

/* The stream and seqpacket peers of one worker, as a set. */
struct connections {
	struct service *service;
	struct connection *first; /* of a list */

	/* When the next thing is due for a peer, by the phase that it is in (connection.c). */
	struct timeline opening;
	struct timeline idle;
	struct timeline draining;
	struct timeline lingering;
	struct timeline again; /* to be looked at again: no event tells when */
	struct agenda late;    /* replies that wait for their moment (server/late_outbox.h) */

	int random;       /* a descriptor of random bytes; -1: no proof is asked for */
	int64_t patience; /* until then a peer that the server's end finds busy may go on */
	bool departed;    /* one has gone since this was cleared: a descriptor is free */
};

int connections_init(struct connections *connections, struct service *service, struct error *error);
void connections_free(struct connections *connections); /* all must be gone */

/* When the next of them is due (base/clock.h; NEVER). */
int64_t connections_next(const struct connections *connections);

/* The server ends now: how long it bears with peers that never stop sending. */
void connections_set_patience(struct connections *connections);

#endif
