#ifndef SERVER_OUTBOX_H
#define SERVER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What a peer was sent and has not taken yet. It costs memory only while something waits, and knows
 * no connection: just bytes, and a non-blocking socket to send them to. All zeros is an empty one.
 */
struct outbox {
	unsigned char *bytes; /* NULL: nothing waits; a record of no bytes waits as a block */
	size_t length, sent;
};

enum outbox_result {
	OUTBOX_SENT,   /* nothing waits any more */
	OUTBOX_WAITS,  /* the socket takes no more for now */
	OUTBOX_BROKEN, /* errno: the peer is gone, or there is no memory */
};

static inline bool outbox_is_empty(const struct outbox *outbox)
{
	return !outbox->bytes;
}

/* Sends BYTES, or what the socket takes of them; the rest waits after what waits already. */
enum outbox_result outbox_send(struct outbox *outbox, int fd, const unsigned char *bytes,
			       size_t length);

/* The socket has room again: sends what waits. */
enum outbox_result outbox_flush(struct outbox *outbox, int fd);

void outbox_free(struct outbox *outbox);

#endif
