#ifndef COMMANDS_BENCH_JSON_H
#define COMMANDS_BENCH_JSON_H

#include "commands/bench_result.h"

#include <stdio.h>

/* sockfam(1) describes it. */
#define BENCH_JSON_SCHEMA "sockfam-bench/1"

void bench_json_write(FILE *stream, const struct bench *bench);

#endif
