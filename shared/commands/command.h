#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include "base/error.h"

#include <stdio.h>

/*
 * What `sockfam NAME` can be. This layer alone reads argv, prints and chooses the exit status.
 *
 * To add a command: a file here with its `const struct command`, a line below and one in commands[]
 * (main.c); then the manual and the completions, which a test compares with --help.
 */
struct command {
	const char *name;
	const char *operands;
	const char *summary;
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_serve;
extern const struct command command_talk;
extern const struct command command_ping;
extern const struct command command_bench;
extern const struct command command_demo;

/* Prints "sockfam: TEXT" on standard error; returns the error's status. */
int command_fail(const struct error *error);

/* Writes out what was printed. A full disk or a closed pipe is a failure like any other. */
int command_flush(FILE *stream, struct error *error);

#endif
