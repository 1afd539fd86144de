#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "base/error.h"
#include "net/endpoint.h"
#include "net/family.h"
#include "net/route.h"
#include "protocol/proof.h"

#include <stdint.h>
#include <sys/types.h>

/* A connection to an echo service, or a datagram socket that talks to one. */
struct client {
	int fd;                   /* non-blocking */
	struct endpoint endpoint; /* the one that answered */
	struct claim *claim;      /* our own name, for the server to reply to; or NULL */
};

struct client_options {
	int64_t timeout;                 /* nanoseconds for connecting to each address */
	const char *congestion;          /* of TCP; NULL: the system's */
	const struct route *route;       /* of what is sent; NULL: the system's choice */
	const struct proof_secret *keys; /* NULL: no proof is asked for, and none given */
	const uid_t *server_uid;         /* the server must be this user; NULL: anybody */
	int stop; /* a descriptor: when it becomes readable, it is given up; 0: there is none */
};

/*
 * Tries the endpoints in order until one takes us, and does the proof. The error is the last one's;
 * STATUS_PROTOCOL: the proof was refused or broken, or the server is another user.
 */
int client_open(struct client *client, const struct endpoint_list *list,
		const struct client_options *options, struct error *error);
void client_close(struct client *client);

/* Likewise, leaving nothing of a stream behind that would keep its port (TIME_WAIT). */
void client_abort(struct client *client);

#endif
