#ifndef COMMANDS_BENCH_ROUNDS_H
#define COMMANDS_BENCH_ROUNDS_H

#include "commands/bench_result.h"
#include "load/load_options.h"

/* The results of a bench filled in, round after round. */
struct bench_rounds {
	struct bench *bench;
	struct load_options load;
	struct load_result *round;
	bool show_progress;
	const struct bench_result *at; /* what is being measured now */
	int64_t number;                /* of the round, from 0 */
	/* for the progress line */
	struct load_options turn;
	int64_t turns_done, begun, redraw;
};

/* STOP ends them when it becomes readable. */
int bench_rounds_begin(struct bench_rounds *rounds, struct bench *bench, int stop,
		       struct error *error);
bool bench_rounds_stopped(const struct bench_rounds *rounds);

/* Endpoints in turn: what drifts on the machine meanwhile touches all alike. -1: no figure at all. */
int bench_rounds_measure(struct bench_rounds *rounds, struct error *error);

void bench_rounds_end(struct bench_rounds *rounds);

#endif
