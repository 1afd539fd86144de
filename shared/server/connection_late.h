#ifndef SERVER_CONNECTION_LATE_H
#define SERVER_CONNECTION_LATE_H

#include "protocol/step.h"
#include "server/connection_life.h"

/*
 * What a connection does that is served wrong on purpose (`--misbehave`): its replies go through
 * connection->late, and are sent when they are due. Without a fault that can befall it, that is NULL.
 */

/* It was accepted, as NUMBER. False: that is all that is done for it, and it may be gone. */
bool connection_late_begin(struct connection *connection, uint64_t number);

/* It is served from now on. False: it is gone. */
bool connection_late_serve(struct connection *connection);

/* Takes a step's reply. False: it is gone. */
bool connection_late_take(struct connection *connection, const struct step *reply);

/* Sends what is due at NOW. False: with that it has ended, or our side of it. */
bool connection_late_send(struct connection *connection, int64_t now);

/* Looks when something is due next, and whether there is room to read more. */
void connection_late_attend(struct connection *connection);

#endif
