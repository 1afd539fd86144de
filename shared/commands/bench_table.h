#ifndef COMMANDS_BENCH_TABLE_H
#define COMMANDS_BENCH_TABLE_H

#include "commands/bench_result.h"

/* A line for each endpoint, on standard output. */
void bench_table_print(const struct bench *bench);

#endif
