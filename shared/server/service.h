#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H

#include "base/clock.h"
#include "net/family.h"
#include "net/loop.h"
#include "protocol/conversation.h"
#include "protocol/misbehave.h"
#include "server/door.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What is served and how: what the server's user asks for, and what its parts work with. */

/*
 * Nanoseconds that a busy worker polls before it sleeps. Measured on loopback: a client that is
 * woken by a reply has sent its next message within 25 us.
 */
#define SERVER_SPIN (50 * NSEC_PER_USEC)

/* What the server tells as it goes, from any of its threads. */
struct server_observer {
	void (*connected)(const char *peer);
	/* REASON is NULL where the peer itself ended it in order. */
	void (*closed)(const char *peer, uint64_t bytes, const char *reason);
	/* A datagram that gets no answer. */
	void (*dropped)(const char *peer, const char *reason);
	/*
	 * Something was done wrong on purpose. PLACE is where: with MESSAGE the number of a message,
	 * else an offset in a stream.
	 */
	void (*misbehaved)(const char *peer, enum fault fault, bool message, uint64_t place);
};

/* Who may connect over a socket whose peers the kernel knows: any of these users or groups. */
struct allowed {
	const uid_t *uids;
	size_t uid_count;
	const gid_t *gids;
	size_t gid_count;
};

struct server_options {
	struct listen_options listening;
	struct answer_rules answers;
	struct conversation_plan plan;   /* for stream and seqpacket; its form is dgram's too */
	const struct allowed *allowed;   /* NULL: everybody */
	struct misbehave_plan misbehave; /* without faults: all is served as it should be */
	unsigned max_connections;        /* at once; more wait in the listen queue */
	unsigned workers;                /* threads, at least 1 */
	int64_t idle;                    /* nanoseconds; 0: a silent peer may stay */
	int64_t spin;                    /* nanoseconds, net/loop.h */
	int64_t grace;                   /* nanoseconds that peers may stay once it is to stop */
	int64_t drain;                   /* nanoseconds that the orderly end may take */
	const char *name;                /* of the server, for `--reply who`; or NULL */
	const struct server_observer *observer; /* NULL: nobody listens */
	void (*stopping)(void);                 /* once, when it is to stop; or NULL */
};

struct server_totals {
	uint64_t connections; /* all that the observer hears of */
	uint64_t messages;    /* on a stream: one each time that bytes were received */
	uint64_t bytes;
	uint64_t faults[FAULTS]; /* how often each was done on purpose */
};

/* What all workers count together. */
struct server_counts {
	atomic_uint open;     /* connections */
	atomic_bool told;     /* that a datagram had no address to reply to */
	atomic_bool stopping; /* that it is to stop */
	struct door door;     /* used where a proof is asked for */
};

/* Room for the greatest message of any type, and for a good piece of a stream. */
#define SERVICE_BUFFER (1 << 20)

/* What one worker's acceptors, connections and responders share. A worker is one thread. */
struct service {
	const struct server_options *options;
	struct server_counts *counts;
	struct loop *loop;
	unsigned char *buffer; /* SERVICE_BUFFER bytes, to receive into; nothing stays there */
	char *text;            /* WHO_ROOM bytes, for who is told of peers; NULL: nobody is */
	struct server_totals totals;
};

#endif
