#ifndef NET_HOSTPORT_H
#define NET_HOSTPORT_H

#include "base/error.h"
#include "net/endpoint.h"
#include "net/kind.h"

#include <netinet/in.h>
#include <stdbool.h>

/* HOST:PORT, as both IP families write it, and the way from a name to addresses. */

#define HOSTPORT_DEFAULT_PORT "8888"
#define HOSTPORT_HOST 256 /* a DNS name has at most 253 bytes */

/*
 * Appends what "HOST:PORT", "HOST", ":PORT" (loopback) or "*:PORT" (every address) stands for in
 * FAMILY, which has the domain AF_INET or AF_INET6; NULL: whatever a name resolves to.
 */
int hostport_resolve(const char *address, const struct family *family, const struct kind *kind,
		     struct endpoint_list *list, struct error *error);

/* Appends the addresses of a host by getaddrinfo(3). WHERE is what an error names. */
int hostport_lookup(const char *host, const char *port, const struct family *family,
		    const struct kind *kind, const char *where, struct endpoint_list *list,
		    struct error *error);

/*
 * Appends what an address of this machine stands for, as a client's own: "ADDRESS" or
 * "ADDRESS:PORT", an IPv6 literal with a port in brackets. FIXED: there was a port other than 0.
 */
int hostport_source(const char *address, struct endpoint_list *list, bool *fixed,
		    struct error *error);

/* Has any family that a name can resolve to such sockets? */
bool hostport_has(const struct kind *kind);

/* Is this "HOST:PORT" or "HOST", and its host an IPv4 literal? */
bool hostport_is_ipv4(const char *address);

/* Is this ":PORT", "*:PORT" or "*"? */
bool hostport_is_hostless(const char *address);

#endif
