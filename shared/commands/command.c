#include "commands/command.h"

#include "commands/standard.h"

#include <stdio.h>

int command_fail(const struct error *error)
{
	struct error output;
	standard_flush(&output); /* first what was seen, then what went wrong */
	standard_end_by_pipe();
	fprintf(stderr, "sockfam: %s\n", error->text);
	return error->status;
}
