#ifndef COMMANDS_OPTIONS_INSIDE_H
#define COMMANDS_OPTIONS_INSIDE_H

#include "commands/options.h"

/* options_endpoint.c: what OPTIONS_ENDPOINT stands for, as the families have it. */

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
