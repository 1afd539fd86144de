#ifndef COMMANDS_BENCH_JUDGE_H
#define COMMANDS_BENCH_JUDGE_H

#include "commands/bench_result.h"

/* What the figures are worth. */

/* Says on standard error what a reader of them must know. */
void bench_judge_comment(const struct bench *bench);

/* -1 where the peers refused a `simple` proof, for they do that without a word. */
int bench_judge_refusal(const struct bench *bench, struct error *error);

/* The exit status: good if something came back from everywhere, and nothing was wrong. */
int bench_judge_status(const struct bench *bench);

#endif
