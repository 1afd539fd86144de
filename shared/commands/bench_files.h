#ifndef COMMANDS_BENCH_FILES_H
#define COMMANDS_BENCH_FILES_H

#include "commands/bench_result.h"

/*
 * --hgrm and --svg: response times for HdrHistogram's plotter, a file for each endpoint where there
 * are several; and the percentile curves of all endpoints in one picture. The paths are NULL where
 * nothing is asked for.
 */

/* Opens them once the endpoints are known, before the load; so standard output is looked at too. */
int bench_files_open(struct bench *bench, struct error *error);

/* Writes them. -1: one could not be written, and none is half there. */
int bench_files_write(struct bench *bench, struct error *error);

/* Gives up what was opened and not written. */
void bench_files_drop(struct bench *bench);

#endif
