#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "base/error.h"
#include "net/watch.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Waits for many descriptors at once, level-triggered: what is not dealt with is reported again.
 * One thread's own. It is built on epoll(7) or poll(2): loop_backend.h.
 */

struct loop;

/* The system call that it is built on: "epoll" or "poll". */
const char *loop_name(void);

/*
 * SPIN: for how many nanoseconds a busy loop looks again before it sleeps; NEVER: it never sleeps. Where
 * looking does not pay, it is done less and less.
 */
struct loop *loop_new(int64_t spin, struct error *error);
void loop_free(struct loop *loop);

/* -1 with errno. A watch that wants nothing stays in the loop and is not reported. */
int loop_add(struct loop *loop, struct watch *watch, unsigned wants);
int loop_want(struct loop *loop, struct watch *watch, unsigned wants);

/* From here on READY is not called, even if it was due in this very turn. Before close(2). */
void loop_remove(struct loop *loop, struct watch *watch);

/* By how many nanoseconds loop_turn() may come back too late, on an idle machine. */
int64_t loop_precision(void);

/* Waits until something is ready or UNTIL (base/clock.h) is past, and calls what is. */
void loop_turn(struct loop *loop, int64_t until);

#endif
