#ifndef PROTOCOL_PROXY_ADDRESS_H
#define PROTOCOL_PROXY_ADDRESS_H

#include "protocol/proxy_source.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * An IPv4 or IPv6 address as text, byte by byte: what inet_pton(3) takes, and nothing else. So IPv6
 * may end in a dotted IPv4 address (RFC 4291 2.2): inet_ntop(3) writes it so, and proxies use that.
 */

/* All of it is proxy_address.c's own, except that BYTES stand once the address has ended. */
struct proxy_address {
	unsigned char bytes[PROXY_INET6_ADDRESS]; /* in network byte order */
	bool inet6;
	uint32_t number; /* the last digits, four bits each, as the base isn't known yet */
	unsigned char digits;
	unsigned char filled; /* of the bytes */
	unsigned char gap;    /* how many of them stand before the `::` */
	unsigned char dots;
	unsigned char last; /* byte of the text; 0 at the beginning */
};

void proxy_address_start(struct proxy_address *address, bool inet6);

/* The next byte. False: with it, this can't become an address. */
bool proxy_address_byte(struct proxy_address *address, unsigned char byte);

/* The text is over. Was it an address? */
bool proxy_address_end(struct proxy_address *address);

#endif
