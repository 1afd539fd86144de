#ifndef COMMANDS_BENCH_RESULT_H
#define COMMANDS_BENCH_RESULT_H

#include "base/error.h"
#include "commands/circumstances.h"
#include "commands/output_file.h"
#include "load/load_result.h"
#include "net/client.h"
#include "net/endpoint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What `bench` is to measure, and what it has measured. */

#define BENCH_ROUNDS_MOST 100

struct bench_result {
	struct endpoint endpoint;
	char name[ENDPOINT_TEXT]; /* as it is shown; from a merged file, as it stood there */
	char family[16], type[16];
	struct load_result load;         /* of all rounds together */
	double rates[BENCH_ROUNDS_MOST]; /* messages a second, of each round */
	unsigned rounds;
	struct output_file hgrm; /* open, while it is measured */
};

struct bench {
	/* settings; times in nanoseconds */
	int64_t connections, size, depth, duration, messages, warmup, rounds, threads;
	double rate;
	int64_t late; /* how late for --start-at it may be */
	bool spin;
	const char *congestion;
	struct client_options client;
	const char *hgrm, *svg;     /* files that are asked for, or NULL */
	struct output_file picture; /* for svg */
	bool simple;                /* the proof is one that is refused without a word */
	/* what came of it */
	struct bench_result **results;
	size_t count;
	bool complete;    /* not stopped before its time */
	int64_t merged;   /* files that it is the sum of; 0: measured here */
	unsigned missing; /* files that it should be the sum of, too */
	struct circumstances circumstances;
};

/* Appends an empty result; NULL on failure. */
struct bench_result *bench_add(struct bench *bench, struct error *error);
void bench_free(struct bench *bench);

/* The first result of that name; NULL: there is none. */
struct bench_result *bench_find(const struct bench *bench, const char *name);

/* Messages a second; 0 if nothing came back. */
double bench_rate(const struct bench_result *result);
double bench_rate_of(const struct load_result *load);

/* The median over the rounds of this one's rate divided by the first one's. */
double bench_ratio(const struct bench_result *result, const struct bench_result *first);

#endif
