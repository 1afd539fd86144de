#ifndef COMMANDS_BENCH_H
#define COMMANDS_BENCH_H

#include "base/error.h"
#include "load/load.h"

#include <stdio.h>

/* What `bench` measures, and the ways to show it. */

#define BENCH_ROUNDS_MOST 100

struct bench_result {
	struct endpoint endpoint;
	char name[ENDPOINT_TEXT]; /* as it is shown; from a merged file, as it stood there */
	char family[16], type[16];
	struct load_result load;         /* of all rounds together */
	double rates[BENCH_ROUNDS_MOST]; /* messages a second, of each round */
	unsigned rounds;
	int64_t file; /* which merged file it was last found in, from 1 */
};

struct bench {
	/* settings; times in nanoseconds */
	int64_t connections, size, depth, duration, messages, warmup, rounds, threads;
	double rate;
	bool spin;
	const char *congestion;
	struct client_options client;
	bool simple; /* the proof is one that is refused without a word */
	/* what came of it */
	struct bench_result **results;
	size_t count;
	bool complete;  /* not stopped before its time */
	int64_t merged; /* files that it is the sum of; 0: measured here */
};

/* bench_result.c */

/* Appends an empty result; NULL on failure. */
struct bench_result *bench_add(struct bench *bench, struct error *error);
void bench_free(struct bench *bench);

/* Messages a second; 0 if nothing came back. */
double bench_rate(const struct bench_result *result);
double bench_rate_of(const struct load_result *load);

/* The median over the rounds of this one's rate divided by the first one's. */
double bench_ratio(const struct bench_result *result, const struct bench_result *first);

/* bench_table.c */
void bench_print_table(const struct bench *bench);

/* bench_json.c, in the schema that sockfam(1) describes. */
#define BENCH_SCHEMA "sockfam-bench/1"
void bench_write_json(FILE *stream, const struct bench *bench);
/* Adds what is in the file: counts are added up, histograms merged, by endpoint. */
int bench_merge_file(struct bench *bench, const char *path, struct error *error);

/* bench_files.c */
int bench_write_hgrm(const struct bench *bench, const char *path, struct error *error);
int bench_write_svg(const struct bench *bench, const char *path, struct error *error);

#endif
