#include "commands/command.h"

#include <errno.h>

int command_fail(const struct error *error)
{
	fflush(stdout); /* first what was seen, then what went wrong */
	fprintf(stderr, "sockfam: %s\n", error->text);
	return error->status;
}

int command_flush(FILE *stream, struct error *error)
{
	errno = 0;
	if (fflush(stream) == 0 && !ferror(stream))
		return 0;
	return error_system(error, STATUS_SYSTEM, errno ? errno : EIO, "standard output");
}
