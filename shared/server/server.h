#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/clock.h"
#include "base/error.h"
#include "net/endpoint.h"
#include "net/family.h"
#include "protocol/conversation.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The echo server: any number of listeners of any family and type, one loop a worker thread. */

/*
 * Nanoseconds that a busy worker polls before it sleeps. Measured on loopback: a client that is
 * woken by a reply has sent the next message within 25 us.
 */
#define SERVER_SPIN (50 * NSEC_PER_USEC)

/* What the server tells as it goes, from any of its threads. */
struct server_observer {
	void (*connected)(const char *peer);
	void (*closed)(const char *peer, uint64_t bytes,
		       const char *reason);                    /* NULL: by the peer */
	void (*dropped)(const char *peer, const char *reason); /* a datagram that gets no answer */
};

/* Who may connect, where the family tells who that is: one of the users or one of the groups. */
struct allowed {
	const uid_t *uids;
	size_t uid_count;
	const gid_t *gids;
	size_t gid_count;
};

struct server_options {
	struct listen_options listening;
	struct answer_rules answers;
	struct conversation_plan plan; /* for stream and seqpacket; of it the form for dgram too */
	const struct allowed *allowed; /* peers let in; NULL: all */
	unsigned max_connections;      /* at once; more wait in the listen queue */
	unsigned workers;              /* threads, 1 at least */
	int64_t idle;                  /* nanoseconds; 0: a silent peer may stay */
	int64_t spin;                  /* nanoseconds, loop.h */
	int64_t drain;                 /* nanoseconds that the orderly end may take */
	const struct server_observer *observer; /* NULL: nobody listens */
};

struct server_totals {
	uint64_t connections;
	uint64_t messages; /* on a stream: one each time that bytes were received */
	uint64_t bytes;
};

struct server;

/*
 * OPTIONS must stay where they are. NULL on failure; server_free() ends it, and releases its names.
 */
struct server *server_new(const struct server_options *options, struct error *error);
void server_free(struct server *server);

/* Listens; ENDPOINT becomes what was really bound. From here on clients can connect. */
int server_listen(struct server *server, struct endpoint *endpoint, struct error *error);

/*
 * Takes over a socket that somebody else made: one that listens, a datagram one, or a connection.
 * Its name is not ours, and is not removed. A server that is given a connection (*LISTENS is false
 * then) ends with it; it can have one.
 */
int server_adopt(struct server *server, int fd, struct endpoint *endpoint, bool *listens,
		 struct error *error);

/*
 * Serves until STOP becomes readable, then ends in order: no new peers, what was received is
 * answered, within options->drain, or until HURRY becomes readable (base/signals.h).
 */
int server_run(struct server *server, int stop, int hurry, struct server_totals *totals,
	       struct error *error);

#endif
