#ifndef COMMANDS_BENCH_MERGE_H
#define COMMANDS_BENCH_MERGE_H

#include "commands/bench_result.h"

/*
 * Adds up what generators that ran side by side wrote with --json, the files up to a NULL: counts are
 * added up, histograms merged, by endpoint. A file that is empty or cut is named on standard error
 * and counted as missing; any other fault is an error.
 */
int bench_merge(struct bench *bench, char **paths, struct error *error);

#endif
