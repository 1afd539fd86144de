#include "base/timeline.h"

#include "base/clock.h"

#include <stddef.h>

void timeline_init(struct timeline *timeline, int64_t span)
{
	timeline->ends.next = timeline->ends.previous = &timeline->ends;
	timeline->span = span;
}

void timeline_set(struct timeline *timeline, struct timer *timer, int64_t now)
{
	timer_clear(timer);
	timer->at = now + timeline->span;
	timer->next = &timeline->ends;
	timer->previous = timeline->ends.previous;
	timer->previous->next = timer;
	timeline->ends.previous = timer;
}

void timer_clear(struct timer *timer)
{
	if (!timer->next)
		return;
	timer->next->previous = timer->previous;
	timer->previous->next = timer->next;
	timer->next = timer->previous = NULL;
}

struct timer *timeline_due(struct timeline *timeline, int64_t now)
{
	struct timer *first = timeline->ends.next;
	if (first == &timeline->ends || first->at > now)
		return NULL;
	timer_clear(first);
	return first;
}
