#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

#include "net/endpoint.h"
#include "server/connections.h"

/* The life of a stream or seqpacket peer, from accept(2) to close(2). */

/*
 * Takes over FD, the connection NUMBER at the endpoint AT. PEER is what accept(2) gave. -1 with errno where it
 * cannot be served; then it is closed.
 */
int connection_start(struct connections *connections, const struct endpoint *at, uint64_t number,
		     int fd, const struct sockaddr_storage *peer, socklen_t length);

/* Does what is due at NOW. */
void connections_expire(struct connections *connections, int64_t now);

/* The server ends: what they have sent is still answered, then they are told. */
void connections_end(struct connections *connections);

/* It has ended: whoever is left is cut off. */
void connections_abandon(struct connections *connections);

#endif
