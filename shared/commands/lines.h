#ifndef COMMANDS_LINES_H
#define COMMANDS_LINES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Standard input as messages: a line each, without its newline; the last may lack one. */
struct lines {
	char *bytes; /* zero the struct; free this at the end */
	size_t start, used, room;
	size_t number; /* of the line that was returned last, from 1 */
	bool ended;
};

/* No socket here takes a longer message by default. */
#define LINE_MOST (1 << 20)

/* One read(2). At the end of input it sets ENDED. STATUS_DATA: a line is too long for a message. */
int lines_fill(struct lines *lines, int fd, struct error *error);

/* The next whole line, valid until the next fill; false: there is none yet, or no more. */
bool lines_next(struct lines *lines, char **text, size_t *length);

#endif
