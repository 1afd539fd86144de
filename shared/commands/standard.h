#ifndef COMMANDS_STANDARD_H
#define COMMANDS_STANDARD_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Standard input, output and error, as they were given to the program: perhaps not at all. */

/*
 * Holds the numbers 0, 1 and 2 where they were closed (`sockfam talk <&-`): else the next socket
 * would get one of them, and a peer what was meant for a person. What is read or written there
 * fails as it does on a closed one, EBADF. To be called before anything is opened.
 */
int standard_hold(struct error *error);

/* Can standard output be written to at all? To be asked before there is something to lose. */
int standard_check(struct error *error);

/* Writes out what was printed; false once that failed, which ends in standard_flush()'s error. */
bool standard_push(void);

/* Writes BYTES at once, after what was printed; -1 with that error. */
int standard_write(const void *bytes, size_t length, struct error *error);

/*
 * Writes out what was printed on standard output. If that fails, here or before, it is
 * STATUS_OUTPUT with the reason that the first failure had.
 */
int standard_flush(struct error *error);

/*
 * Ends the program as a closed pipe ends one, by SIGPIPE, if that is what standard output was and
 * whoever started the program did not have SIGPIPE ignored. Else it returns.
 */
void standard_end_by_pipe(void);

#endif
