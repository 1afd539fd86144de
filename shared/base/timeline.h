#ifndef BASE_TIMELINE_H
#define BASE_TIMELINE_H

#include "base/clock.h"

#include <stdint.h>

/*
 * Deadlines that are all the same span away when they are set. The order in which they were set
 * is then the order in which they fall due, so a list is enough, and every operation takes the
 * same short time, however many there are.
 */

/* Lives inside the object that it times. Zero it to begin with; one timeline at a time has it. */
struct timer {
	struct timer *previous, *next; /* NULL: not set */
	int64_t at;
};

struct timeline {
	struct timer ends; /* next: the first to fall due; previous: the last */
	int64_t span;      /* nanoseconds */
};

void timeline_init(struct timeline *timeline, int64_t span);

/* Makes the timer due SPAN after NOW, even if it was set before. */
void timeline_set(struct timeline *timeline, struct timer *timer, int64_t now);
void timer_clear(struct timer *timer);

/* Takes a timer that is due at NOW off the timeline and returns it; NULL if there is none. */
struct timer *timeline_due(struct timeline *timeline, int64_t now);

/* When the first is due; NEVER if there is none. */
static inline int64_t timeline_next(const struct timeline *timeline)
{
	const struct timer *first = timeline->ends.next;
	return first == &timeline->ends ? NEVER : first->at;
}

#endif
