#ifndef LOAD_LOAD_INSIDE_H
#define LOAD_LOAD_INSIDE_H

#include "net/batch.h"
#include "load/load.h"
#include "net/loop.h"
#include "protocol/probe.h"

/* Inside the load: what load.c (threads, schedule), load_stream.c and load_records.c share. */

/* A message on its way. */
struct flight {
	uint64_t number;
	int64_t due, sent;
	bool waiting; /* for its reply */
	bool late;    /* given up, as far as the next one's turn goes; it may still come */
	bool counts;  /* it was due when figures were taken */
};

struct load_thread;

struct load_connection {
	struct watch watch;
	struct load_thread *thread;
	struct client client;
	unsigned index;   /* among all connections: its place in the schedule */
	uint64_t allowed; /* with a rate: how many may have been sent by now */
	uint64_t sent;    /* the next message's number */
	uint64_t oldest;  /* no message before this one is waiting */
	unsigned in_flight;
	struct flight *flights; /* a ring, by number */
	uint64_t mask;
	uint64_t out_number; /* a stream: what was not handed to the socket yet begins here */
	size_t out_offset;
	size_t in_offset; /* a stream: so much of the oldest message's reply is here */
	bool in_damaged;  /* and something of it was wrong */
	bool open;
};

struct load_thread {
	const struct load_options *options;
	const struct kind *kind;
	struct probe probe;
	struct loop *loop;
	struct watch stop;
	unsigned char *buffer;      /* LOAD_BUFFER bytes: what is sent, and what is received */
	struct datagram *datagrams; /* BATCH_MOST of them */
	unsigned burst;             /* datagrams at once */
	struct load_connection *connections;
	unsigned count, open;
	unsigned cursor;                 /* the schedule: whose turn is next, ... */
	uint64_t turn;                   /* ... with which of its messages */
	uint64_t left;                   /* messages that may still be sent and counted */
	int64_t begin, end;              /* what is due from BEGIN until before END counts */
	int64_t last;                    /* reply that counted */
	uint64_t counted;                /* messages that were sent and count, ... */
	uint64_t waiting;                /* ... those of them that are not back */
	int64_t done;                    /* when all that is to be sent was; 0: not yet */
	uint64_t strays;                 /* damaged, and the reply to none that counts */
	bool hurried;                    /* somebody waits for the end */
	bool over;                       /* nothing more is sent */
	const struct load_thread *first; /* the one that reports progress */
	struct load_result result;
};

#define LOAD_BUFFER (1 << 20)

/* load_thread.c */
int load_thread_watch(struct load_thread *thread, struct load_connection *connection);
int load_thread_watch_stop(struct load_thread *thread);
void load_thread_run(struct load_thread *thread);

/* No message before this one is waiting. */
uint64_t load_oldest(const struct load_connection *connection);

/* How many messages, up to MOST, are due at NOW and may be in flight. */
unsigned load_due(struct load_connection *connection, int64_t now, unsigned most);

/* The next message is sent at NOW. */
void load_sent(struct load_connection *connection, int64_t now);

/* Its reply is here, right or not. */
void load_returned(struct load_connection *connection, struct flight *flight, bool right,
		   int64_t now);

/* For options->replied. STATE is one of struct load_reply's. */
void load_reply(const struct load_thread *thread, uint64_t number, int64_t service, int state);

/* Remembers the first trouble. */
void load_tell(struct load_connection *connection, const char *what);

/* What came for message NUMBER is wrong from OFFSET on: byte GOT, or -1 if its length is wrong. */
void load_tell_damage(struct load_connection *connection, uint64_t number, size_t offset, int got);

/* The connection is over, by the peer's doing. WHY is errno's text or the like. */
void load_broke(struct load_connection *connection, const char *why);

/*
 * load_stream.c, load_records.c: one for bytes, one for messages. Send what is due; receive and
 * verify what is there, and say whether there was anything.
 */
void load_stream_send(struct load_connection *connection);
bool load_stream_receive(struct load_connection *connection);
void load_records_send(struct load_connection *connection);
bool load_records_receive(struct load_connection *connection);

#endif
