#ifndef PROTOCOL_PROXY_BINARY_H
#define PROTOCOL_PROXY_BINARY_H

#include "protocol/proxy_source.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Version 2 of the PROXY header: 12 bytes of signature, version and command, family and transport,
 * the length of the rest in two bytes; then the addresses, and TLVs (type, length, value) to its
 * end. A checksum (CRC32c) among them is verified, and the others' values are skipped.
 *
 * What the specification leaves open: UNSPEC in either half of the family and transport is taken as
 * UNKNOWN is in version 1. There and with LOCAL, whose family is ignored, the addresses are stepped
 * over if the length has room for that family's; if not, the TLVs begin where they would. Of "the
 * checksum field", as it says, there is one: a second is refused.
 */

/* All of it is proxy_binary.c's own, except that SOURCE stands once the header is whole. */
struct proxy_binary {
	struct proxy_source source;
	struct proxy_more *more; /* the caller's; NULL: that is skipped */
	uint32_t sum;            /* of the bytes so far, with zeroes for the checksum */
	uint32_t received;       /* checksum */
	uint16_t left;           /* bytes after the fixed ones that are still to come */
	uint16_t at;             /* how far it is in its part of the header, */
	uint16_t size;           /* and how long that is: addresses, or a TLV's value */
	unsigned char part;
	unsigned char family; /* as it came */
	unsigned char type;   /* of a TLV */
	bool local;           /* the command */
	bool summed;          /* it has a checksum */
};

/* MORE may be NULL. */
void proxy_binary_start(struct proxy_binary *binary, struct proxy_more *more);

/* The next byte of a header that isn't whole yet. NULL: right so far; otherwise why it is wrong. */
const char *proxy_binary_byte(struct proxy_binary *binary, unsigned char byte);

bool proxy_binary_is_whole(const struct proxy_binary *binary);

#endif
