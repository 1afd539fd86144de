#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include "commands/command.h"
#include "commands/option_spec.h"
#include "commands/options_endpoint.h"
#include "commands/options_take.h"

/* Reading a command line by a table of options, and printing its help from it. */

#define OPTIONS_END \
	{ \
		.take = NULL \
	}

enum parsed { PARSED, PARSED_HELP, PARSED_WRONG };

/*
 * Reads the options; *OPERANDS becomes the index of the first operand. PARSED_HELP: the help was
 * asked for and is printed.
 */
enum parsed options_parse(int argc, char **argv, const struct command *command,
			  const struct option_spec *specs, int *operands, struct error *error);

#endif
