#ifndef COMMANDS_TALK_H
#define COMMANDS_TALK_H

#include "base/error.h"
#include "net/client.h"

#include <stdbool.h>
#include <stdint.h>

/* The ways to talk; each returns 0 when it is done, or -1. */

struct talk {
	struct client *client;
	bool simple;              /* the proof was one that is refused without a word */
	int64_t timeout;          /* nanoseconds of silence; NEVER: any */
	char name[ENDPOINT_TEXT]; /* of the peer, for errors */
};

/* Standard input is a terminal: a prompt, and a message a line. */
int talk_terminal(struct talk *talk, struct error *error);

/* Bytes both ways at once, half-close at the end of input, until the peer ends. */
int talk_stream(struct talk *talk, struct error *error);

/* Each line a record, each record a line, both ways at once. */
int talk_records(struct talk *talk, struct error *error);

/* Each line a datagram, each reply a line, one after the other. */
int talk_datagrams(struct talk *talk, struct error *error);

/* Sends one record or datagram, waiting for room until UNTIL. */
int talk_send_message(struct talk *talk, const char *text, size_t length, int64_t until,
		      struct error *error);

/* Errors that all of them have: errno NUMBER from the socket, the peer's early end, silence. */
int talk_broken(struct talk *talk, int number, struct error *error);
int talk_closed_early(struct talk *talk, struct error *error);
int talk_refused(struct talk *talk, struct error *error); /* it ended before any echo */
int talk_silent(struct talk *talk, struct error *error);

/* Writes all to standard output. */
int talk_print(const void *bytes, size_t length, struct error *error);

#endif
