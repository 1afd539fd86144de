#ifndef COMMANDS_CIRCUMSTANCES_H
#define COMMANDS_CIRCUMSTANCES_H

#include <stdio.h>
#include <time.h>

/* Where and when figures were taken: the program, the machine and the time. */
struct circumstances {
	struct timespec started, ended; /* of CLOCK_REALTIME; 0 s: unknown */
};

/* Takes the time. */
void circumstances_begin(struct circumstances *circumstances);
void circumstances_end(struct circumstances *circumstances);

/*
 * Writes members of a JSON object, without a comma before or after them: "version", "host",
 * "kernel", "processors", "started" and, where that is known, "ended".
 */
void circumstances_write(FILE *stream, const struct circumstances *circumstances);

/* Likewise for figures that were taken elsewhere, perhaps on several machines: null but for the version. */
void circumstances_write_unknown(FILE *stream);

#endif
