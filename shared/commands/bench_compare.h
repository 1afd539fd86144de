#ifndef COMMANDS_BENCH_COMPARE_H
#define COMMANDS_BENCH_COMPARE_H

#include "base/error.h"

/*
 * PATHS, up to a NULL, are files of bench --json: prints for each endpoint of the second and all
 * later ones by what ratio its rate differs from the first file's, and whether the rounds show a
 * difference. STATUS_BAD where one is shown to be slower by more than TOLERANCE, a part of one;
 * STATUS_USAGE, STATUS_DATA or STATUS_NOT_PERMITTED in ERROR where nothing could be compared (-1).
 */
int bench_compare(char **paths, double tolerance, struct error *error);

#endif
