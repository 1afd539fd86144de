#ifndef COMMANDS_BENCH_READ_H
#define COMMANDS_BENCH_READ_H

#include "commands/bench_result.h"

/*
 * Reads what bench --json wrote, perhaps on another machine: it may have been written by anybody,
 * and every figure is looked at before it is used.
 */

/*
 * FILE gets the settings and the results, to be freed with bench_free(); on failure it is empty.
 * *CUT: the file is empty or ends within its object, as a generator that died leaves it.
 * STATUS_DATA, with the file and the field.
 */
int bench_read(const char *path, struct bench *file, bool *cut, struct error *error);

/*
 * Adds the figures of LOAD to those of another generator that ran at the same time: what they did
 * is added up, and the longest of their times counts. STATUS_DATA where a sum would be too great.
 */
int bench_read_add(struct load_result *sum, const struct load_result *load, struct error *error);

#endif
