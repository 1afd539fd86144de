#ifndef SERVER_CONNECTION_LIFE_H
#define SERVER_CONNECTION_LIFE_H

#include "base/agenda.h"
#include "net/endpoint.h"
#include "protocol/conversation.h"
#include "server/connections.h"
#include "server/journal.h"
#include "server/late_outbox.h"
#include "server/outbox.h"

/*
 * A connection, for those who make its life (connection.c, connection_late.c): what it is, and how it
 * goes from one phase to the next.
 */

/* How far a connection has come. Each phase has its timeline; only the order of these matters. */
enum phase {
	PHASE_ARRIVING, /* its PROXY header is awaited, and the observer does not know it yet */
	PHASE_OPENING,  /* it has not proven itself; both of these have one deadline */
	PHASE_SERVING,  /* it is answered; on the idle timeline */
	PHASE_DRAINING, /* the server ends: it is answered until it has been quiet for a while */
	PHASE_ENDING,   /* nothing more is received, and the rest of a reply goes out; idle */
	PHASE_DEAF,     /* as long as it stays, what it sends is thrown away, on purpose; idle */
	PHASE_LINGERING /* it was told that we are done; what it still sends is thrown away */
};

/*
 * One stream or seqpacket peer. A reply is sent before anything more is received, so that one
 * buffer serves all connections of a worker; only what the peer does not take at once is put aside.
 */
struct connection {
	struct watch watch;
	struct timer timer; /* on the timeline of its phase */
	struct timer again; /* set: it is to be looked at, for no event will come */
	struct connections *all;
	struct connection *previous, *next;
	const struct endpoint *at; /* where it came in */
	const struct kind *kind;
	struct conversation conversation;
	struct outbox outbox;
	char *introduction;       /* for `--reply who`; or NULL */
	struct late_outbox *late; /* it is served wrong on purpose; or NULL */
	struct moment moment;     /* when something of that is due */
	struct journal journal;
	int place;              /* at the door; DOOR_NONE: none */
	atomic_bool turned_out; /* it has lost that */
	uint64_t bytes;
	enum phase phase;
	const char *reason; /* why we ended it; NULL: we did not */
};

/* It goes to another phase; from the door, where it leaves that. */
void connection_enter(struct connection *connection, enum phase phase);

/* It is over, and gone. REASON is NULL where the peer ended it in order. */
void connection_finish(struct connection *connection, const char *reason);

/*
 * Our side is over. close(2) with unread bytes would reset the peer, and take away what it has not
 * read yet: so the sending side is shut down, and what still comes is read until the peer ends too.
 */
void connection_say_goodbye(struct connection *connection, const char *reason);

/*
 * It is alive: it sent, or took what we sent. Once its patience with busy peers is over, an ending
 * server does not wait for a quiet moment, but only until nothing is here to be read.
 */
void connection_touch(struct connection *connection);

/* What it waits for (net/watch.h), and that it is looked at again where no event will come. */
void connection_want(struct connection *connection, unsigned wants);
void connection_look_again_soon(struct connection *connection);

/* Does anything wait to be sent? */
bool connection_is_behind(const struct connection *connection);

static inline const struct server_options *connection_options(const struct connection *connection)
{
	return connection->all->service->options;
}

static inline bool connection_is_unproven(const struct connection *connection)
{
	return connection->phase <= PHASE_OPENING;
}

#endif
