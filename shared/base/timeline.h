#ifndef BASE_TIMELINE_H
#define BASE_TIMELINE_H

#include <stdint.h>

/*
 * Deadlines that are all the same span away when they are set: a list in the order of their setting
 * is then a list in the order of their end, and every operation takes the same short time.
 */

/* Lives in what it is for; zero it. On one timeline at a time. */
struct timer {
	struct timer *previous, *next; /* NULL: not set */
	int64_t at;
};

struct timeline {
	struct timer ends; /* next: the first to be due; previous: the last */
	int64_t span;      /* nanoseconds */
};

void timeline_init(struct timeline *timeline, int64_t span);

/* Due SPAN after NOW, wherever it stood before. */
void timeline_set(struct timeline *timeline, struct timer *timer, int64_t now);
void timer_clear(struct timer *timer);

/* Takes off and returns a timer that is due at NOW, or NULL. */
struct timer *timeline_due(struct timeline *timeline, int64_t now);

/* When the first is due; NEVER if there is none. */
int64_t timeline_next(const struct timeline *timeline);

#endif
