#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/error.h"
#include "base/signals.h"
#include "net/endpoint.h"
#include "server/service.h"

#include <stdbool.h>

/*
 * The echo server: any number of listeners of any family and type, and one loop for each worker
 * thread. Make it, listen, prepare, announce that it is ready, run.
 */
struct server;

/*
 * OPTIONS must stay where they are. NULL on failure. server_free() closes and releases whatever the
 * server still holds, at any point.
 */
struct server *server_new(const struct server_options *options, struct error *error);
void server_free(struct server *server);

/* Listens; ENDPOINT becomes what was really bound. From here on clients can connect. */
int server_listen(struct server *server, struct endpoint *endpoint, struct error *error);

/*
 * Takes over a socket that somebody else made: one that listens, a datagram one, or a connection.
 * Its name is not ours and is not removed. *LISTENS is false for a connection: the server, which
 * can have only one of those, ends with it.
 */
int server_adopt(struct server *server, int fd, struct endpoint *endpoint, bool *listens,
		 struct error *error);

/*
 * Makes all that serving needs, memory, loops and threads: after this nothing can keep the server
 * from serving. SIGNALS has what stops it (base/signals.h).
 */
int server_prepare(struct server *server, const struct signals *signals, struct error *error);

/*
 * Serves until STOP becomes readable: then there are no new peers, and those that are there are
 * served as before for options->grace, or until END becomes readable. After that it ends in order:
 * what was received is answered, within options->drain or until HURRY becomes readable.
 */
void server_run(struct server *server, struct server_totals *totals);

#endif
