#ifndef COMMANDS_BENCH_ADVICE_H
#define COMMANDS_BENCH_ADVICE_H

#include "commands/bench_result.h"

/*
 * Prints, below the table of a bench of several endpoints, which was fastest, by how much, whether
 * the rounds show that, and what each type promises. Nothing where the rate was given, or it was
 * stopped, or the rounds are not known.
 */
void bench_advice_print(const struct bench *bench);

#endif
