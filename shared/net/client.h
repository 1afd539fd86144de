#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "base/error.h"
#include "net/endpoint.h"
#include "net/family.h"

#include <stdint.h>

/* A connection to an echo service, or a datagram socket that talks to one. */
struct client {
	int fd;                   /* non-blocking */
	struct endpoint endpoint; /* the one that answered */
	struct claim *claim;      /* our own name, for the server to reply to; or NULL */
};

struct client_options {
	int64_t timeout;        /* nanoseconds for connecting to each address */
	const char *congestion; /* of TCP; NULL: the system's */
};

/* Tries the endpoints in order until one takes us. The error is the last one's. */
int client_open(struct client *client, const struct endpoint_list *list,
		const struct client_options *options, struct error *error);
void client_close(struct client *client);

#endif
