#ifndef COMMANDS_BENCH_MEASURE_H
#define COMMANDS_BENCH_MEASURE_H

#include "commands/bench_result.h"
#include "commands/shared_secret.h"

/*
 * Measures the OPERANDS, or without any a server of our own on all lanes that FLAGS leave. START_AT:
 * when to begin, in seconds of the Epoch; 0: at once.
 */
int bench_measure(struct bench *bench, char **operands, const struct endpoint_flags *flags,
		  const struct shared_secret *secret, double start_at, struct error *error);

#endif
