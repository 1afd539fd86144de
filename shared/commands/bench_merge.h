#ifndef COMMANDS_BENCH_MERGE_H
#define COMMANDS_BENCH_MERGE_H

#include "commands/bench_result.h"

/* Adds what a file of bench --json holds: counts are added up, histograms merged, by endpoint. */
int bench_merge_file(struct bench *bench, const char *path, struct error *error);

#endif
