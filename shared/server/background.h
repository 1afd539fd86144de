#ifndef SERVER_BACKGROUND_H
#define SERVER_BACKGROUND_H

#include "server/server.h"

/* A server in a thread of this process, for those who need one at hand to talk to. */
struct background;

/* Takes over a server that listens already; NULL on failure, and then it is freed. */
struct background *background_start(struct server *server, struct error *error);

/* Ends it in order and frees all; what it served. */
int background_stop(struct background *background, struct server_totals *totals,
		    struct error *error);

#endif
