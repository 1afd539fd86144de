#ifndef SERVER_BACKGROUND_H
#define SERVER_BACKGROUND_H

#include "server/server.h"

/* A server in a thread of this process, for whoever needs one at hand to talk to. */
struct background;

/* Takes over a server that listens already. NULL on failure; then it has been freed. */
struct background *background_start(struct server *server, struct error *error);

/* Ends it in order, frees everything, and says what it served. */
void background_stop(struct background *background, struct server_totals *totals);

#endif
