#ifndef COMMANDS_BENCH_FILES_H
#define COMMANDS_BENCH_FILES_H

#include "commands/bench_result.h"

/* Response times for HdrHistogram's plotter: where there are several endpoints, a file for each. */
int bench_files_hgrm(const struct bench *bench, const char *path, struct error *error);

/* The percentile curves of all endpoints, in one picture. */
int bench_files_svg(const struct bench *bench, const char *path, struct error *error);

#endif
