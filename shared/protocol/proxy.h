#ifndef PROTOCOL_PROXY_H
#define PROTOCOL_PROXY_H

#include "protocol/proxy_binary.h"
#include "protocol/proxy_text.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The PROXY header (HAProxy's proxy-protocol.txt): what a proxy says first, so that the server
 * knows who is behind it. Its first byte tells version 1, a line (proxy_text.h), from version 2,
 * which is binary (proxy_binary.h).
 *
 * It proves nothing: ask for it only where none but the proxy can connect.
 *
 * No I/O, no allocation, no clock: the caller hands in what it received and watches the deadline.
 */

enum proxy_verdict {
	PROXY_MORE,    /* not whole yet */
	PROXY_DONE,    /* whole */
	PROXY_REFUSED, /* close, and say nothing to the peer */
};

struct proxy_step {
	enum proxy_verdict verdict;
	size_t used; /* of what was handed in: the rest is the next stage's; refused: with the wrong byte */
	const struct proxy_source *source; /* within the struct proxy; NULL: the peer itself */
	const char *reason;                /* why it was refused, for the log */
};

/* One connection's. All of it is the stage's own. */
struct proxy {
	union {
		struct proxy_source source; /* both begin with it */
		struct proxy_text text;
		struct proxy_binary binary;
	};
	struct proxy_more *more; /* where that is kept; or NULL */
	bool record;             /* the header is one record */
	unsigned char stage;
};

/* RECORD: what is handed in later is one record, whole, and holds the header and nothing else. */
void proxy_start(struct proxy *proxy, bool record);

/* Before anything is received: what else the header says is to be kept in MORE, all zeros. */
void proxy_keep_more(struct proxy *proxy, struct proxy_more *more);

/*
 * LENGTH bytes were received, cut anywhere; a record only whole. Refuses with the first byte that
 * can't be right (in a line that becomes too long, with its 106th), not only with the last. Once it
 * is done or refused, it uses nothing more.
 */
struct proxy_step proxy_received(struct proxy *proxy, const void *bytes, size_t length);

/* Has any of it come? */
bool proxy_has_begun(const struct proxy *proxy);

/* The peer has ended its side, or the connection: before PROXY_DONE, a refusal. Why. */
const char *proxy_ended(const struct proxy *proxy);

#endif
