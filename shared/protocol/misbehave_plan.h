#ifndef PROTOCOL_MISBEHAVE_PLAN_H
#define PROTOCOL_MISBEHAVE_PLAN_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What `--misbehave` can ask for, by the names of tc-netem(8) and toxiproxy: faults, and how much
 * of each.
 *
 * To add a fault: its name here and its line in the table (misbehave_plan.c), in the same order, and
 * what it does (misbehave.c).
 */
enum fault {
	/* of messages; of these a stream knows only the last two */
	FAULT_LOSS,
	FAULT_DUPLICATE,
	FAULT_REORDER,
	FAULT_TRUNCATE,
	FAULT_CORRUPT,
	FAULT_DELAY,
	/* of connections, the first one of streams alone */
	FAULT_SLICE,
	FAULT_RATE,
	FAULT_LIMIT,
	FAULT_RESET,
	FAULT_HALF_CLOSE,
	FAULT_STALL,
	FAULT_HANG,
	FAULT_REFUSE,
	FAULTS
};

/* A set of faults is bits, or-ed together. */
#define FAULT_BIT(fault) (1u << (fault))

struct misbehave_plan {
	unsigned faults; /* a set; empty: it behaves */
	uint64_t seed;
	uint64_t chance[FAULTS]; /* of those with P%: out of MISBEHAVE_SURE */
	uint64_t bytes[FAULTS];  /* of those with BYTES */
	int64_t delay, jitter;   /* nanoseconds: FAULT_DELAY's, plus or minus that */
	int64_t stall;           /* nanoseconds */
	uint64_t rate;           /* bits a second */
};

#define MISBEHAVE_SURE (UINT64_C(1) << 53)

/*
 * Reads faults joined by commas, "loss 5%,delay 20ms 5ms", into a PLAN that keeps its seed. The
 * error names the part that is wrong, and says what is allowed there.
 */
int misbehave_plan_read(const char *text, struct misbehave_plan *plan, struct error *error);

/* As it is typed, and as it is counted: "half-close". */
const char *fault_name(enum fault fault);

/* Those that can befall a type: one whose peers connect, one that keeps message boundaries. */
unsigned misbehave_plan_fitting(bool connected, bool records);

/* Which fault is the first of a set that is not empty. */
enum fault fault_first(unsigned faults);

#endif
