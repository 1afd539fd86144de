#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include "base/error.h"
#include "net/endpoint_list.h"

#include <stdbool.h>
#include <stdint.h>

/* How a client's packets leave this machine: from where, through what, and how they are marked. */

#define ROUTE_UNSAID (-1) /* the system's own choice */

struct route {
	const char *source_text;     /* as it was given; NULL: any address of ours */
	struct endpoint_list source; /* what that stands for; of each family the first counts */
	bool fixed;                  /* it has a port, which one connection at a time can have */
	const char *interface;       /* NULL: whichever the routing table names */
	int64_t dscp;                /* 0 to 63 (RFC 2474), or ROUTE_UNSAID */
	int64_t ttl;                 /* hops, 1 to 255, or ROUTE_UNSAID */
};

/* Reads "ADDRESS" or "ADDRESS:PORT" as the source. The text is kept. */
int route_read_source(struct route *route, const char *text, struct error *error);
void route_free(struct route *route);

/* STATUS_USAGE where such an endpoint's packets, if there are any, cannot be sent like this. */
int route_check(const struct route *route, const struct endpoint *endpoint, struct error *error);

/* Before connect(2). */
int route_take(const struct route *route, int fd, const struct endpoint *endpoint,
	       struct error *error);

/* Binds a socket to a network interface (SO_BINDTODEVICE). STATUS_USAGE: not on this system. */
int route_device(int fd, const char *interface, struct error *error);

#endif
