#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include "base/timeline.h"
#include "net/endpoint.h"
#include "net/loop.h"
#include "server/server.h"

#include <stdatomic.h>

/* Inside the server: what its files share. One worker is one thread with a loop of its own. */

/* Where messages are received: the greatest of any type, or a good piece of a stream. */
#define WORKER_BUFFER (1 << 20)

struct connection;
struct responder;
struct worker;

struct listener {
	int fd; /* -1 once closed */
	struct endpoint endpoint;
	struct claim *claim; /* NULL: nothing to release */
	atomic_uint users;   /* workers that still accept from it; the last one closes it */
};

struct server {
	const struct server_options *options;
	struct listener *listeners;
	size_t count;
	int single; /* a connection that is the whole service, with its endpoint; or -1 */
	struct endpoint single_endpoint;
	atomic_uint open; /* connections, over all workers */
	atomic_bool told; /* that a datagram had no address to reply to */
};

/* A worker's eye on a stream or seqpacket listener (acceptor.c). */
struct acceptor {
	struct watch watch;
	struct worker *worker;
	struct listener *listener;
};

struct worker {
	struct server *server;
	struct loop *loop;
	unsigned char *buffer;
	struct watch stop, hurry;
	struct acceptor *acceptors;
	size_t acceptor_count;
	struct responder **responders;
	size_t responder_count;
	struct connection *connections; /* the first of a list */
	struct timeline idle;           /* silent for too long */
	struct timeline linger;         /* told that it is over, and not gone yet */
	struct timeline opening;        /* not served yet: it has so long to prove itself */
	struct timeline retry;          /* to be looked at again, for the loop cannot tell when */
	unsigned unproven; /* on the opening timeline; for one too many the oldest goes */
	unsigned unproven_most;
	int random;     /* a descriptor of random bytes; -1: no proof is asked for */
	int64_t resume; /* when acceptors look again for a free descriptor; NEVER: they accept */
	int64_t end;    /* by when all must be over; NEVER: not ending */
	struct server_totals totals;
};

/* worker.c */
struct worker *worker_new(struct server *server, int stop, int hurry, struct error *error);
void worker_run(struct worker *worker); /* until all is over */
void worker_free(struct worker *worker);

/* Closes a listener for the last of its users and releases its name. */
void listener_leave(struct listener *listener);

/* acceptor.c */
int acceptor_start(struct acceptor *acceptor, struct worker *worker, struct listener *listener);
void acceptor_stop(struct acceptor *acceptor); /* takes what is already queued */
void acceptors_pause(struct worker *worker, int64_t until);
void acceptors_resume(struct worker *worker);

/* connection.c: takes over FD. PEER is what accept(2) gave. */
void connection_start(struct worker *worker, const struct endpoint *at, int fd,
		      const struct sockaddr_storage *peer, socklen_t length);
void connections_expire(struct worker *worker, int64_t now); /* whose timers are due */
void connections_abandon(struct worker *worker);             /* all that are left */
void connections_drain(struct worker *worker);

/* responder.c */
struct responder *responder_start(struct worker *worker, struct listener *listener,
				  struct error *error);
void responder_stop(struct responder *responder);          /* answers what is already queued */
int64_t responder_next(const struct responder *responder); /* when it wants to be looked at again */
void responder_expire(struct responder *responder, int64_t now);
void responder_leave(struct responder *responder); /* done with its listener */
void responder_free(struct responder *responder);

#endif
