#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include "base/error.h"

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

/*
 * Prints "sockfam: TEXT" on standard error, after what is on its way to standard output. Returns
 * the error's status. Where standard output is a pipe that nobody reads any more, it does not
 * return: the program ends quietly by SIGPIPE.
 */
int command_fail(const struct error *error);

#endif
