#ifndef NET_SOCK_H
#define NET_SOCK_H

#include "base/error.h"
#include "net/endpoint.h"
#include "net/family.h"
#include "net/route.h"

#include <stdint.h>

/*
 * The one place that makes sockets: every descriptor from here is non-blocking, closed on
 * exec(2) and has its family's options. Errors name the endpoint and carry the status that
 * fits what was tried.
 */

/* Makes a descriptor that somebody else opened like ours. */
int sock_adopt(int fd, const struct endpoint *endpoint, struct error *error);

/*
 * socket(2), bind(2), listen(2). ENDPOINT becomes what was really bound (port 0 is filled in).
 * *CLAIM is for the family's release(), NULL if there is nothing to release.
 */
int sock_listen(struct endpoint *endpoint, const struct listen_options *options,
		struct claim **claim, struct error *error);

/* accept(2): the connection, ready to use, and its peer's address; -1 with errno. */
int sock_accept(int listener, const struct endpoint *at, struct sockaddr_storage *peer,
		socklen_t *length);

/*
 * connect(2) to one endpoint, waiting for at most TIMEOUT nanoseconds (base/clock.h) and until STOP
 * is readable (0: nothing stops it), by ROUTE (NULL: the system's choice). A datagram socket gets an address that can be answered; *CLAIM
 * as above.
 */
int sock_connect(const struct endpoint *endpoint, const char *congestion, const struct route *route,
		 int64_t timeout, int stop, struct claim **claim, struct error *error);

/*
 * Waits until FD is ready for EVENTS (poll(2)) or UNTIL is past: 1, 0 at the time-out, -1 with errno.
 * STOP is as above: when it is readable, errno is ECANCELED.
 */
int sock_wait(int fd, short events, int64_t until, int stop);

/* Adds to an error for errno NUMBER what its reader may have forgotten, where ENDPOINT is a server's. */
void sock_suggest(struct error *error, const char *endpoint, int number);

#endif
