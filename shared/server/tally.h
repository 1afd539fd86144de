#ifndef SERVER_TALLY_H
#define SERVER_TALLY_H

#include "server/service.h"

/*
 * Counts what one step did wrong on purpose, and tells the observer. PEER may be NULL where nobody
 * observes. MESSAGE: the step is about a message, else about bytes of a stream.
 */
void tally_step(struct service *service, const char *peer, const struct misbehave_step *step,
		bool message);

#endif
