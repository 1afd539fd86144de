#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include "base/error.h"
#include "base/histogram.h"
#include "net/client.h"
#include "net/endpoint.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Load on an echo service, ours or not: connections that each keep some messages in flight, every
 * byte of every reply verified, every message timed.
 *
 * With a rate, a message's response time counts from the moment it was due, whether it could be
 * sent then or not (an open loop): a service that stalls delays all that falls due meanwhile, and
 * is seen to. Its service time counts from when it was really sent. Without a rate the next message
 * is due when one comes back, and the two are the same (a closed loop).
 */
/* What became of a message, for those who want to know of each. */
struct load_reply {
	uint64_t number; /* on its connection, from 0 */
	int64_t service; /* nanoseconds since it was sent */
	enum { LOAD_RIGHT, LOAD_DAMAGED, LOAD_DUPLICATE } state;
};

struct load_options {
	struct client_options client;
	unsigned connections;
	unsigned threads; /* connections are shared out among them */
	unsigned depth;   /* messages in flight at most on each connection */
	size_t size;      /* bytes of a message, PROBE_LEAST at least */
	double rate;      /* messages a second over all connections; 0: as fast as they come back */
	int64_t warmup;   /* nanoseconds at the start that are in no figure */
	int64_t duration; /* nanoseconds behind the warm-up; NEVER: until MESSAGES are done */
	uint64_t messages; /* over all connections; 0: until DURATION is over */
	bool spin;         /* look for replies without sleeping */
	/*
	 * Nanoseconds: a datagram that is not back by PATIENCE gives its place to the next one, and
	 * is not lost by that yet; when all are sent, the last ones have GRACE.
	 */
	int64_t patience, grace;
	/* Called for each reply; NULL: figures will do. */
	void (*replied)(void *context, const struct load_reply *reply);
	/* Called now and then in the calling thread, with the time since the warm-up; or NULL. */
	void (*progress)(void *context, int64_t elapsed);
	void *context;
	int stop; /* a descriptor: when it becomes readable, that is all (base/signals.h) */
};

struct load_result {
	uint64_t messages; /* that came back right, and in time to be counted */
	uint64_t bytes;
	uint64_t lost;        /* were due and did not come back */
	uint64_t damaged;     /* came back wrong */
	uint64_t duplicates;  /* came back again */
	uint64_t warmup;      /* were sent before anything was counted */
	uint64_t broken;      /* connections that the peer ended */
	uint64_t sent;        /* that count; what of them is not right or damaged is lost */
	int64_t connect;      /* nanoseconds that the slowest connection took to be made */
	int64_t elapsed;      /* nanoseconds from the end of the warm-up to the last reply */
	int64_t cpu;          /* nanoseconds of processor time that the client itself used */
	bool stopped;         /* by STOP, before its time */
	struct error trouble; /* the first damage or break, told; status 0: none */
	struct histogram response, service;
};

/* RESULT is filled also by a run that was stopped. -1 where it could not begin. */
int load_run(const struct endpoint *endpoint, const struct load_options *options,
	     struct load_result *result, struct error *error);

/* Makes a result of nothing; adds one round's to another's. */
void load_result_init(struct load_result *result);
void load_result_add(struct load_result *into, const struct load_result *from);

#endif
