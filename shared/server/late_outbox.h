#ifndef SERVER_LATE_OUTBOX_H
#define SERVER_LATE_OUTBOX_H

#include "protocol/misbehave.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The replies of a connection that is served wrong on purpose, from the stage that makes them wrong
 * (protocol/misbehave.h) until each one's moment. It knows no socket and no loop: the connection
 * asks what is due, and sends that.
 */

/* So much is read of a stream at once. */
#define LATE_PIECE (16 << 10)

struct late_block {
	struct late_block *next;
	int64_t at;
	bool sends; /* it has bytes to send, or an empty record */
	bool apart; /* nothing may be added to it */
	enum misbehave_then then;
	size_t length, room;
	unsigned char bytes[];
};

struct late_outbox {
	struct misbehave stage;
	bool record;
	struct late_block *first, *last;
	struct late_block
		*held; /* a message, perhaps twice, for another one to overtake; or NULL */
	int64_t held_until;
	size_t waiting; /* bytes */
};

void late_outbox_start(struct late_outbox *late, const struct misbehave_plan *plan, unsigned faults,
		       uint64_t number, bool record);
void late_outbox_free(struct late_outbox *late);

/*
 * The connection is served from NOW on. *STEP says what befell it, and so below; what it wants sent
 * and done waits here. -1: no memory.
 */
int late_outbox_served(struct late_outbox *late, int64_t now, struct misbehave_step *step);

/*
 * Takes a reply, which may be changed in place: STEP->used bytes of a stream's, the rest being for
 * the next call, or one record.
 */
int late_outbox_take(struct late_outbox *late, unsigned char *bytes, size_t length, int64_t now,
		     struct misbehave_step *step);

/* Nothing more comes that could overtake what is held. */
void late_outbox_finish(struct late_outbox *late);

/* What is due first, if that is due at NOW; to be taken off once it is dealt with. */
struct late_block *late_outbox_due(struct late_outbox *late, int64_t now);
void late_outbox_pop(struct late_outbox *late);

/* When there is something to be done; NEVER: nothing waits. */
int64_t late_outbox_next(const struct late_outbox *late);

bool late_outbox_is_empty(const struct late_outbox *late);

/* How much more of a stream should be read: nothing while much waits, or once it is over. */
size_t late_outbox_room(const struct late_outbox *late);

#endif
