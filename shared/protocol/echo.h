#ifndef PROTOCOL_ECHO_H
#define PROTOCOL_ECHO_H

#include "protocol/reply.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The echo itself (RFC 862), for every family and type: no I/O, no allocation, no sockets. The
 * caller receives into memory of its own, hands that over, and sends what a step says before it
 * receives again; so a connection needs no more memory than one message.
 */
struct echo {
	const struct reply_form *form;
};

struct step {
	unsigned char *reply; /* within the caller's memory, until it receives again */
	size_t length;
	bool answers; /* there is a reply, be it an empty record */
	bool over;    /* and behind it nothing will follow: the conversation ends in order */
};

/* LENGTH bytes were received, or one record of that length, which may be 0. */
struct step echo_received(struct echo *echo, unsigned char *bytes, size_t length);

/*
 * The peer has shut down its sending side. It may still be reading: all that it sent is answered
 * before we end ours (half-close, RFC 9293 3.6).
 */
struct step echo_ended(struct echo *echo);

#endif
