#ifndef COMMANDS_OUTPUT_FILE_H
#define COMMANDS_OUTPUT_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * A file that is opened before the work whose result goes into it: so a place where nothing can be
 * written is known in time. It is written beside its name and takes it when it is whole; what is no
 * regular file, a terminal or a pipe, is written to as it is. {0} is none.
 */
struct output_file {
	FILE *stream;
	char *path;   /* for errors, and its name in the end */
	char *beside; /* its name until then; NULL: it is written to as it is */
};

int output_file_open(struct output_file *file, const char *path, struct error *error);

/*
 * Set errno to 0, write, and call this: then it knows why a write failed. STATUS_OUTPUT where not all of it could be written: then what
 * PATH was before is still there.
 */
int output_file_finish(struct output_file *file, struct error *error);

/* As if it had never been opened; nothing after output_file_finish(). */
void output_file_drop(struct output_file *file);

#endif
