#ifndef SERVER_RESPONDER_H
#define SERVER_RESPONDER_H

#include "base/error.h"
#include "server/listener.h"
#include "server/service.h"

#include <stdint.h>

/* One worker's eye on a datagram listener: what comes in is answered to where it came from. */
struct responder;

struct responder *responder_start(struct service *service, struct listener *listener,
				  struct error *error);

/*
 * From NOW on it answers as before, until nothing has come for a second: a datagram peer does not
 * say when it leaves. Then it stops.
 */
void responder_stop_when_quiet(struct responder *responder, int64_t now);

/*
 * Answers what is queued already, and receives no more. It leaves its listener as soon as nothing
 * is postponed any more.
 */
void responder_stop(struct responder *responder);

/* When it wants to be looked at again (base/clock.h; NEVER), and what is to be done then. */
int64_t responder_next(const struct responder *responder);
void responder_expire(struct responder *responder, int64_t now);

void responder_free(struct responder *responder);

#endif
