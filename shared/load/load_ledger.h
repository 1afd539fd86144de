#ifndef LOAD_LOAD_LEDGER_H
#define LOAD_LOAD_LEDGER_H

#include "load/load_options.h"
#include "load/load_result.h"
#include "net/batch.h"
#include "net/loop.h"
#include "protocol/probe.h"

/*
 * The account of a load's messages: which are due, which are in flight, and what came of each.
 * load_stream.c and load_records.c, which send and receive them, make their entries here, and so
 * does load_thread.c, which watches the clock. The ledger knows none of the three.
 */

/* Bytes: the longest message, or a burst of datagrams. */
#define LOAD_BUFFER (1 << 20)

/* Why there will be no reply, where the system told. */
enum load_loss { LOSS_UNKNOWN, LOSS_REFUSED, LOSS_UNREACHABLE };

/* From when it is sent until its place in the ring is needed. */
struct load_message {
	uint64_t number;
	int64_t due, sent;
	bool waiting; /* for its reply */
	bool late;    /* it no longer holds back the next one, but may still come */
	bool counts;  /* it was due when figures were taken */
	enum load_loss loss;
};

struct load_connection {
	struct watch watch;
	struct load_ledger *ledger;
	struct client client;
	unsigned index;   /* among all connections: its place in the schedule */
	uint64_t allowed; /* with a rate: how many may have been sent by now */
	uint64_t sent;    /* the next message's number */
	uint64_t oldest;  /* no message before this one is waiting */
	unsigned in_flight;
	struct load_message *messages; /* a ring, by number */
	uint64_t mask;
	uint64_t out_number; /* a stream: what was not handed to the socket yet begins here */
	size_t out_offset;
	size_t in_offset; /* a stream: so much of the oldest message's reply is here */
	bool in_damaged;  /* and something of it was wrong */
	bool open;
};

/* One for each thread: what all its connections use in turn, and what they count together. */
struct load_ledger {
	const struct load_options *options;
	const struct kind *kind;
	struct probe probe;
	struct loop *loop;
	unsigned char *buffer;      /* LOAD_BUFFER bytes: what is sent, and what is received */
	struct datagram *datagrams; /* BATCH_MOST of them */
	unsigned burst;             /* datagrams at once */
	unsigned open;              /* connections */
	bool over;                  /* nothing more is sent */
	int64_t begin, end;         /* what is due from BEGIN until before END counts */
	int64_t last;               /* reply that counted */
	uint64_t left;              /* messages that may still be sent and counted */
	uint64_t counted;           /* messages that were sent and count, ... */
	uint64_t waiting;           /* ... those of them that are not back */
	uint64_t strays;            /* damaged, and the reply to none that counts */
	struct load_result result;
};

/* When message NUMBER is due: the connections take turns, the rate is over all of them. */
int64_t load_ledger_due_time(const struct load_connection *connection, uint64_t number);

/* How many messages, up to MOST, are due at NOW and may be in flight. */
unsigned load_ledger_due(struct load_connection *connection, int64_t now, unsigned most);

/* The next message is sent at NOW. */
void load_ledger_sent(struct load_connection *connection, int64_t now);

/* Its reply is here, right or not. */
void load_ledger_returned(struct load_connection *connection, struct load_message *message,
			  bool right, int64_t now);

/* A right reply to message NUMBER, which waits for none. */
void load_ledger_duplicated(struct load_connection *connection, uint64_t number, int64_t now);

/* What an error of a datagram socket (errno(3)) tells of a message. */
enum load_loss load_ledger_loss(int number);

/* It told of one that was sent: the latest that waits, and of which nothing is known. */
void load_ledger_failed(struct load_connection *connection, enum load_loss loss);

/* What came can be no message's reply. GOT is its first byte, or -1 if only its length tells. */
void load_ledger_strayed(struct load_connection *connection, int got);

/* What came for message NUMBER is wrong from OFFSET on: byte GOT, or -1 if its length is wrong. */
void load_ledger_damaged(struct load_connection *connection, uint64_t number, size_t offset,
			 int got);

/* Something is wrong. The first such text is kept. */
void load_ledger_trouble(struct load_connection *connection, const char *what);

/* The connection is over, by the peer's doing. WHY is errno's text or the like. */
void load_ledger_broke(struct load_connection *connection, const char *why);

/* It is over, for whatever reason. */
void load_ledger_close(struct load_connection *connection);

/* Datagrams that were not back in time at NOW make room for others. */
void load_ledger_give_up(struct load_connection *connection, int64_t now);

/* How many were due before the end and are not sent. */
uint64_t load_ledger_unsent(const struct load_connection *connection);

/* No message before this one is waiting. */
uint64_t load_ledger_oldest(const struct load_connection *connection);

/* The message that waits for a reply under this number; NULL if none does. */
static inline struct load_message *load_ledger_waiting(const struct load_connection *connection,
						       uint64_t number)
{
	struct load_message *message = &connection->messages[number & connection->mask];
	return message->number == number && message->waiting ? message : NULL;
}

#endif
