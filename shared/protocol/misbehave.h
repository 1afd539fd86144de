#ifndef PROTOCOL_MISBEHAVE_H
#define PROTOCOL_MISBEHAVE_H

#include "protocol/misbehave_plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Replies made wrong on purpose: the last stage of a conversation, after the echo. No I/O, no
 * allocation, no clock: it is given replies and the moment, and says what of them is to be sent and
 * when, and what becomes of the connection; the server does that.
 *
 * What happens depends on the seed, on the connection's number, and on the number of the message or,
 * on a stream, on where in it a byte stands. It depends neither on time, nor on the pieces in which
 * bytes come, nor on other connections.
 */

/* On a stream one draw is made for each block of so many bytes, the first from its beginning. */
#define MISBEHAVE_BLOCK 64

/* How long a message is held back for another one to overtake it. */
#define MISBEHAVE_HOLD (500 * INT64_C(1000000)) /* nanoseconds */

/* What becomes of the connection once the step's bytes are sent. */
enum misbehave_then {
	MISBEHAVE_ON,         /* it goes on */
	MISBEHAVE_END,        /* it ends in order, and no more is answered */
	MISBEHAVE_HALF_CLOSE, /* our sending side ends; what comes is thrown away until the peer ends */
	MISBEHAVE_RESET,      /* it is cut off, with a reset where the type has one */
	MISBEHAVE_HANG,   /* nothing is ever sent; what comes is thrown away until the peer ends */
	MISBEHAVE_REFUSE, /* it is closed at once */
};

struct misbehave_step {
	size_t used;     /* of what was given; the rest is for a step of its own */
	size_t length;   /* so much of that, from its beginning, is sent */
	unsigned copies; /* so often: 0, 1 or 2 */
	int64_t at;      /* when, which may be past */
	bool apart;      /* of a stream: in a write of its own, up to here */
	bool hold;       /* of a message: not before a later one, or MISBEHAVE_HOLD is over */
	bool release;    /* what was held is sent after this */
	enum misbehave_then then;
	unsigned faults; /* that befell it, a set: each counts once */
	uint64_t
		place; /* the message's number, from 1; of a stream, how much is answered with this */
	uint64_t
		damaged; /* FAULT_CORRUPT: the offset of the wrong byte, in the message or the stream */
	uint64_t released; /* FAULT_REORDER: the number of the message that was overtaken */
};

/* One connection's, or one datagram peer's. All of it is the stage's own. */
struct misbehave {
	const struct misbehave_plan *plan;
	unsigned faults;   /* of the plan's, those that can befall it */
	uint64_t key;      /* of its draws */
	uint64_t messages; /* so far */
	uint64_t position; /* bytes answered so far */
	int64_t last;      /* when the latest reply was due: none goes before an earlier one */
	uint64_t held;     /* the number of the message that is held; 0: none is */
	bool over;         /* nothing more is answered */
};

/*
 * For a peer of a type that fits FAULTS (misbehave_plan_fitting()). NUMBER is the connection's, from
 * 1, in the order in which its listener took them.
 */
void misbehave_start(struct misbehave *misbehave, const struct misbehave_plan *plan,
		     unsigned faults, uint64_t number);

/* The connection was accepted: will it be served at all? */
struct misbehave_step misbehave_accepted(struct misbehave *misbehave);

/* It is served from NOW on. */
struct misbehave_step misbehave_served(struct misbehave *misbehave, int64_t now);

/* LENGTH bytes of a stream's replies, which may be damaged in place. */
struct misbehave_step misbehave_stream(struct misbehave *misbehave, unsigned char *bytes,
				       size_t length, int64_t now);

/* One message's reply, which may be damaged in place. */
struct misbehave_step misbehave_record(struct misbehave *misbehave, unsigned char *bytes,
				       size_t length, int64_t now);

/* Nothing came to overtake what was held: it is sent, and nothing befell it. */
void misbehave_release(struct misbehave *misbehave);

/*
 * How much a stream may still be answered before an end of the plan's; more need not be read.
 * UINT64_MAX: without end.
 */
uint64_t misbehave_left(const struct misbehave *misbehave);

#endif
