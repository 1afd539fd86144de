#ifndef NET_LOOP_BACKEND_H
#define NET_LOOP_BACKEND_H

#include "base/error.h"
#include "net/watch.h"

#include <stdint.h>

/* What loop.c asks of the system; loop_epoll.c and loop_poll.c each give it. One is linked. */

struct backend;

struct ready {
	struct watch *watch; /* NULL: removed since */
	unsigned events;
};

/* As loop_name() and loop_precision() in loop.h. */
const char *backend_name(void);
int64_t backend_precision(void);

struct backend *backend_new(struct error *error);
void backend_free(struct backend *backend);
int backend_add(struct backend *backend, struct watch *watch);
int backend_change(struct backend *backend, struct watch *watch, unsigned before);
void backend_remove(struct backend *backend, struct watch *watch);

/*
 * Waits until one is ready or UNTIL (base/clock.h; 0: not at all). Up to ROOM ready ones; how many.
 */
int backend_collect(struct backend *backend, struct ready *ready, int room, int64_t until);

#endif
