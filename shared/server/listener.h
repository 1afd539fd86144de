#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include "base/error.h"
#include "net/endpoint.h"
#include "net/family.h"

#include <stdatomic.h>

/* A socket that peers come to, and its name. All workers use the same one. */
struct listener {
	int fd; /* -1 once closed */
	struct endpoint endpoint;
	struct claim *claim; /* NULL: there is nothing to release */
	atomic_ullong asked; /* datagrams so far, for `--reply who` */
	atomic_ullong taken; /* connections so far, or datagram peers: each has a number, from 1 */
	atomic_uint users;   /* workers that still use it; the last one to leave closes it */
};

/* Releases its name and closes it, unless that was done already. */
void listener_close(struct listener *listener);

/* One worker is done with it. */
void listener_leave(struct listener *listener);

#endif
