#ifndef PROTOCOL_PROXY_BINARY_H
#define PROTOCOL_PROXY_BINARY_H

#include "protocol/proxy_source.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Version 2 of the PROXY header: 12 bytes of signature, version and command, family and transport,
 * the length of the rest in two bytes; then addresses, then anything (TLVs).
 *
 * What the specification leaves open: UNSPEC in either half of the family and transport is taken as
 * UNKNOWN is in version 1, and the family of LOCAL isn't looked at. The TLVs are skipped unread, and
 * with them a CRC32c, which is not verified.
 */

/* All of it is proxy_binary.c's own, except that SOURCE stands once the header is whole. */
struct proxy_binary {
	struct proxy_source source;
	unsigned char stage;
	bool local;    /* the command */
	uint16_t at;   /* how far the stage has come */
	uint16_t left; /* bytes of the header after the fixed ones, not seen yet */
};

void proxy_binary_start(struct proxy_binary *binary);

/* The next byte of a header that isn't whole yet. NULL: right so far; otherwise why it is wrong. */
const char *proxy_binary_byte(struct proxy_binary *binary, unsigned char byte);

bool proxy_binary_is_whole(const struct proxy_binary *binary);

#endif
