#ifndef PROTOCOL_PROXY_SOURCE_H
#define PROTOCOL_PROXY_SOURCE_H

#include <stdint.h>

/* Whom a PROXY header names: where the connection came from to the proxy. */

/* Numbered as in version 2. */
enum proxy_family { PROXY_UNSPEC, PROXY_INET, PROXY_INET6, PROXY_UNIX };

#define PROXY_INET_ADDRESS 4
#define PROXY_INET6_ADDRESS 16
#define PROXY_UNIX_ADDRESS 108

struct proxy_source {
	enum proxy_family family; /* PROXY_UNSPEC: the header names nobody */
	uint16_t port;            /* in the host's byte order; 0 with PROXY_UNIX */
	/*
	 * In network byte order, 4 bytes with PROXY_INET and 16 with PROXY_INET6; with PROXY_UNIX
	 * all of them as they came: no NUL need end them, and one may begin them. The rest is 0.
	 */
	unsigned char address[PROXY_UNIX_ADDRESS];
};

/* What else a header says, kept only where it is asked for. */
#define PROXY_TLVS 1024

struct proxy_more {
	/* Where the source connected to, as the proxy saw it; of the same family, written likewise. */
	uint16_t port;
	unsigned char address[PROXY_UNIX_ADDRESS];
	/* Version 2's TLVs as they came: type, length in two bytes, value. So many bytes of them: */
	uint16_t length;
	unsigned char tlvs[PROXY_TLVS];
};

#endif
