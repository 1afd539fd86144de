#ifndef LOAD_LOAD_OPTIONS_H
#define LOAD_LOAD_OPTIONS_H

#include "net/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct load_result;

/* What became of one message: see replied() below. */
struct load_reply {
	uint64_t number; /* on its connection, from 0 */
	int64_t service; /* nanoseconds since it was sent */
	enum { LOAD_RIGHT, LOAD_DAMAGED, LOAD_DUPLICATE } state;
};

/* What load_run() is to do. */
struct load_options {
	struct client_options client;
	unsigned connections;
	unsigned threads; /* connections are shared out among them */
	unsigned depth;   /* messages in flight at most on each connection */
	size_t size;      /* bytes of a message, PROBE_LEAST at least */
	double rate;      /* messages a second over all connections; 0: as fast as they come back */
	int64_t warmup;   /* nanoseconds at the start that are in no figure */
	int64_t duration; /* nanoseconds after the warm-up; NEVER: until MESSAGES are done */
	uint64_t messages; /* over all connections; 0: until DURATION is over */
	bool spin;         /* look for replies without sleeping */
	/*
	 * Nanoseconds: a datagram that is not back by PATIENCE makes room for the next one, and is
	 * not lost yet; when all are sent, the last ones have GRACE.
	 */
	int64_t patience, grace;
	/* Called for each reply; NULL: figures will do. */
	void (*replied)(void *context, const struct load_reply *reply);
	/* On the clock: it ends then, and what is not back is lost. 0: no such time. */
	int64_t until;
	/*
	 * Called now and then in the calling thread, with the time since the warm-up and what came of
	 * this thread's share of the connections so far: what still is in flight is not lost. Or NULL.
	 */
	void (*progress)(void *context, int64_t elapsed, const struct load_result *so_far,
			 double share);
	void *context;
	int stop; /* a descriptor: when it becomes readable, the load ends (base/signals.h) */
};

#endif
