#ifndef COMMANDS_OPTIONS_ENDPOINT_H
#define COMMANDS_OPTIONS_ENDPOINT_H

#include "commands/option_spec.h"

#include <stddef.h>

/* The options that choose a family and a type, and what the help says of them: from the families. */

/* In a table: --family, -u, -t and a letter for each family that has one. */
#define OPTIONS_ENDPOINT(flags) \
	{ \
		.endpoint = (flags) \
	}

/* So many options at most. */
size_t options_endpoint_most(void);

/* Writes them; returns where the next option goes. */
struct option_spec *options_put_endpoint(struct option_spec *to, struct endpoint_flags *flags);

/*
 * The last lines of the help: a family each, for programs to read too, as in
 * "  inet+stream|dgram:HOST:PORT -4".
 */
void options_print_endpoint(void);

#endif
