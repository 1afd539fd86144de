#ifndef NET_WATCH_H
#define NET_WATCH_H

#include <stdbool.h>

/* A descriptor that a loop looks after (net/loop.h), and what is done when it is ready. */

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

/* Lives in what it watches for. Zero it, then set FD and READY, and SHARED where that is so. */
struct watch {
	int fd;
	/*
	 * Loops of other threads watch FD too: where the system can, only one of them is woken. Such
	 * a watch wants one thing, or nothing.
	 */
	bool shared;
	unsigned wants;  /* set by loop_add() and loop_want() only */
	unsigned slot;   /* the backend's own */
	unsigned queued; /* the loop's own: its place among this turn's ready ones, from 1 */

	/*
	 * Called when FD is ready for some of EVENTS, or broken (then all that is wanted is in
	 * EVENTS). May add, change and remove any watch, this one included. Returns whether there
	 * was anything to be had: the loop polls a busy watch again before it sleeps.
	 */
	bool (*ready)(struct watch *watch, unsigned events);
};

#endif
