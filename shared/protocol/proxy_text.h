#ifndef PROTOCOL_PROXY_TEXT_H
#define PROTOCOL_PROXY_TEXT_H

#include "protocol/proxy_address.h"
#include "protocol/proxy_source.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Version 1 of the PROXY header, a line: "PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\n".
 *
 * It has 107 bytes at most, and names TCP4, TCP6 or UNKNOWN. What the specification leaves open:
 * after UNKNOWN comes the end of the line, or a space and then any bytes but CR and LF, which are
 * only ever its end.
 */

/* All of it is proxy_text.c's own, except that SOURCE stands once the line is whole. */
struct proxy_text {
	struct proxy_source source;
	struct proxy_more *more; /* the caller's; NULL: that is skipped */
	const char *expected;    /* a fixed text, before that stage begins */
	unsigned char missing;   /* bytes of it */
	unsigned char stage;
	unsigned char seen;           /* bytes of the line */
	unsigned char field;          /* which is being read: */
	struct proxy_address address; /* an address, */
	uint32_t port;                /* or the digits of a port */
	unsigned char digits;
};

/* MORE may be NULL. */
void proxy_text_start(struct proxy_text *text, struct proxy_more *more);

/* The next byte of a line that isn't whole yet. NULL: right so far; otherwise why it is wrong. */
const char *proxy_text_byte(struct proxy_text *text, unsigned char byte);

bool proxy_text_is_whole(const struct proxy_text *text);

#endif
