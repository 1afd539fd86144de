#ifndef PROTOCOL_PROXY_H
#define PROTOCOL_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The PROXY header (HAProxy's proxy-protocol.txt, versions 1 and 2): what a proxy says first, so
 * that the server knows who is behind it.
 *
 *   version 1  "PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\n": a line of 107 bytes at most, with TCP4,
 *              TCP6 or UNKNOWN
 *   version 2  12 bytes of signature, version and command, family and transport, the length of the
 *              rest in two bytes; then addresses, then anything (TLVs)
 *
 * What the specification leaves open: UNSPEC in either half of version 2's family and transport is
 * taken as UNKNOWN is, and the family of LOCAL isn't looked at. The TLVs are skipped unread, and
 * with them a CRC32c, which is not verified. An IPv6 address in version 1 may end in a dotted IPv4
 * address (RFC 4291 2.2), for inet_ntop(3) writes it so, and proxies use that. Behind UNKNOWN comes
 * the end of the line, or a space and then any bytes but CR and LF, which are only ever its end.
 *
 * It proves nothing: ask for it only where none but the proxy can connect.
 *
 * No I/O, no allocation, no clock: the caller hands in what it received and watches the deadline.
 */

/* Numbered as in version 2. */
enum proxy_family { PROXY_UNSPEC, PROXY_INET, PROXY_INET6, PROXY_UNIX };

#define PROXY_UNIX_ADDRESS 108

/* Where the connection came from to the proxy. */
struct proxy_source {
	enum proxy_family family; /* never PROXY_UNSPEC */
	uint16_t port;            /* in the host's byte order; 0 with PROXY_UNIX */
	/*
	 * In network byte order, 4 bytes with PROXY_INET and 16 with PROXY_INET6; with PROXY_UNIX
	 * all of them as they came: no NUL need end them, and one may begin them. The rest is 0.
	 */
	unsigned char address[PROXY_UNIX_ADDRESS];
};

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
	struct proxy_source source; /* whose address has room for a destination too */
	uint32_t seen;              /* bytes of the header */
	uint16_t length;            /* version 2: of what follows the first 16 bytes */
	bool record;                /* the header is one record */
	bool local;                 /* version 2: the command */
	unsigned char stage;
	unsigned char missing;   /* bytes of what is expected */
	const char *expected;    /* a fixed text, before that stage begins */
	struct {                 /* version 1: the address or port that is being read */
		uint32_t number; /* its last digits, four bits each, as the base isn't known yet */
		unsigned char digits;
		unsigned char field;
		unsigned char filled; /* bytes of the address that stand */
		unsigned char gap;    /* how many of them stand before the `::` */
		unsigned char dots;
		unsigned char last; /* byte; 0 at the beginning */
	} text;
};

/* RECORD: what is handed in later is one record, whole, and holds the header and nothing else. */
void proxy_start(struct proxy *proxy, bool record);

/*
 * LENGTH bytes were received, cut anywhere; a record only whole. Refuses with the first byte that
 * can't be right (in a line that becomes too long, with its 106th), not only with the last. Once it
 * is done or refused, it uses nothing more.
 */
struct proxy_step proxy_received(struct proxy *proxy, const void *bytes, size_t length);

/* The peer has ended its side, or the connection: before PROXY_DONE, a refusal. Why. */
const char *proxy_ended(const struct proxy *proxy);

#endif
