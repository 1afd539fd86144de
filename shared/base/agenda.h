#ifndef BASE_AGENDA_H
#define BASE_AGENDA_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Moments in any order, the earliest first: a binary heap (Williams 1964). Where all are the same
 * span away when they are set, base/timeline.h is cheaper. Those of the same moment fall due in the
 * order in which they were put.
 */

/* Lives inside the object that it is for. Zero it to begin with. */
struct moment {
	int64_t at;
	uint64_t order;
	size_t place; /* in the heap, from 1; 0: it is not in it */
};

/* Zero it to begin with. */
struct agenda {
	struct moment **heap;
	size_t count, room;
	uint64_t order;
};

/* Makes it due at AT, even if it was put before. -1: no memory, and it is where it was. */
int agenda_put(struct agenda *agenda, struct moment *moment, int64_t at);
void agenda_remove(struct agenda *agenda, struct moment *moment); /* it need not be in it */

/* Takes one that is due at NOW out of it and returns it; NULL if there is none. */
struct moment *agenda_due(struct agenda *agenda, int64_t now);

void agenda_free(struct agenda *agenda); /* what is in it is the caller's */

static inline bool agenda_has(const struct moment *moment)
{
	return moment->place > 0;
}

/* When the first is due; NEVER if there is none. */
static inline int64_t agenda_next(const struct agenda *agenda)
{
	return agenda->count > 0 ? agenda->heap[1]->at : NEVER;
}

#endif
