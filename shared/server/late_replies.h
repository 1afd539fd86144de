#ifndef SERVER_LATE_REPLIES_H
#define SERVER_LATE_REPLIES_H

#include "net/batch.h"
#include "protocol/misbehave.h"
#include "server/listener.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The replies of a datagram listener that is served wrong on purpose, from the stage that makes
 * them wrong (protocol/misbehave.h), one for each peer, until each reply's moment.
 */
struct late_replies;

/* For a plan with FAULTS that can befall a datagram. NULL: no memory. */
struct late_replies *late_replies_new(const struct misbehave_plan *plan, unsigned faults,
				      struct listener *listener);
void late_replies_free(struct late_replies *late);

/*
 * Takes a reply, with its hold, and may change it in place. *STEP says what befell it. NULL, or why
 * it is lost: no memory, or too much is late already.
 */
const char *late_replies_take(struct late_replies *late, struct datagram *reply, int64_t now,
			      struct misbehave_step *step);

/*
 * The next one that is due at NOW, to be sent *COPIES times and then given to late_replies_done();
 * NULL: none is.
 */
struct datagram *late_replies_due(struct late_replies *late, int64_t now, unsigned *copies);
void late_replies_done(struct datagram *reply);

/* When one is due; NEVER: none waits. */
int64_t late_replies_next(const struct late_replies *late);

#endif
