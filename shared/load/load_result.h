#ifndef LOAD_LOAD_RESULT_H
#define LOAD_LOAD_RESULT_H

#include "base/error.h"
#include "base/histogram.h"

#include <stdbool.h>
#include <stdint.h>

/* What came of a load. */
struct load_result {
	uint64_t messages; /* that came back right, and in time to be counted */
	uint64_t bytes;
	uint64_t lost;        /* were due and did not come back */
	uint64_t refused;     /* of those: nobody was there to take them */
	uint64_t unreachable; /* of those: there was no way to their destination */
	uint64_t damaged;     /* came back wrong */
	uint64_t duplicates;  /* came back again */
	uint64_t warmup;      /* were sent before anything was counted */
	uint64_t broken;      /* connections that the peer ended */
	uint64_t sent;        /* that count; what of them is not right or damaged is lost */
	int64_t connect;      /* nanoseconds that the slowest connection took to be made */
	int64_t elapsed;      /* nanoseconds from the end of the warm-up to the last reply */
	int64_t cpu;          /* nanoseconds of processor time that the client itself used */
	bool stopped;         /* by load_options.stop, before its time */
	struct error trouble; /* the first damage or break, told; status 0: none */
	struct histogram response, service;
};

/* Makes it a result of nothing. */
void load_result_init(struct load_result *result);

/* Did the system say of every message that nobody was there to take it? */
bool load_result_refused(const struct load_result *result);

/* Adds one round's, or one thread's, to another's. Times are added up too. */
void load_result_add(struct load_result *into, const struct load_result *from);

#endif
