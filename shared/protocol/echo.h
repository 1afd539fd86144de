#ifndef PROTOCOL_ECHO_H
#define PROTOCOL_ECHO_H

#include "protocol/json_validator.h"
#include "protocol/reply.h"
#include "protocol/step.h"
#include "protocol/who.h"

/*
 * The echo itself (RFC 862), for every family and type: no I/O, no allocation, no sockets. The
 * caller receives into memory of its own, hands that over, and sends what a step says before it
 * receives again; so a connection needs no more memory than one message.
 */
struct echo {
	const struct reply_form *form;
	struct json_validator *json; /* for the values of a stream: the caller's; NULL: records */
	struct who *who;             /* of that form: the caller's, who fills it in */
	bool record;
	uint64_t seen; /* bytes */
};

/* JSON may be NULL, unless the form wants values and they come on a stream. */
void echo_start(struct echo *echo, const struct reply_form *form, struct json_validator *json);

/* Of the form `who`, for records or a stream; WHO is zeros for now. */
void echo_start_who(struct echo *echo, const struct reply_form *form, struct who *who, bool record);

/*
 * LENGTH bytes were received, or one record of that length, which may be 0. All of it is used, but
 * with the form `who` on a stream, where a step is a line's.
 */
struct step echo_received(struct echo *echo, unsigned char *bytes, size_t length);

/*
 * The peer has shut down its sending side. It may still be reading: all that it sent is answered
 * before we end ours (half-close, RFC 9293 3.6).
 */
struct step echo_ended(struct echo *echo);

#endif
