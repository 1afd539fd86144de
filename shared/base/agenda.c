#include "base/agenda.h"

#include <stdlib.h>

/* The heap begins at 1, so that the children of I are 2 I and 2 I + 1. */

static bool before(const struct moment *a, const struct moment *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void set(struct agenda *agenda, size_t place, struct moment *moment)
{
	agenda->heap[place] = moment;
	moment->place = place;
}

static void rise(struct agenda *agenda, size_t place, struct moment *moment)
{
	for (; place > 1 && before(moment, agenda->heap[place / 2]); place /= 2)
		set(agenda, place, agenda->heap[place / 2]);
	set(agenda, place, moment);
}

static void sink(struct agenda *agenda, size_t place, struct moment *moment)
{
	for (size_t child; (child = 2 * place) <= agenda->count; place = child) {
		if (child < agenda->count && before(agenda->heap[child + 1], agenda->heap[child]))
			child++;
		if (!before(agenda->heap[child], moment))
			break;
		set(agenda, place, agenda->heap[child]);
	}
	set(agenda, place, moment);
}

int agenda_put(struct agenda *agenda, struct moment *moment, int64_t at)
{
	if (!agenda_has(moment) && agenda->count + 1 >= agenda->room) {
		size_t room = agenda->room ? 2 * agenda->room : 16;
		struct moment **heap = realloc(agenda->heap, room * sizeof(*heap));
		if (!heap)
			return -1;
		agenda->heap = heap;
		agenda->room = room;
	}
	agenda_remove(agenda, moment);
	moment->at = at;
	moment->order = agenda->order++;
	rise(agenda, ++agenda->count, moment);
	return 0;
}

void agenda_remove(struct agenda *agenda, struct moment *moment)
{
	size_t place = moment->place;
	if (place == 0)
		return;
	struct moment *last = agenda->heap[agenda->count--];
	moment->place = 0;
	if (last == moment)
		return;
	/* the last one takes its place, and goes where it belongs from there */
	sink(agenda, place, last);
	rise(agenda, last->place, last);
}

struct moment *agenda_due(struct agenda *agenda, int64_t now)
{
	if (agenda_next(agenda) > now || agenda->count == 0)
		return NULL;
	struct moment *first = agenda->heap[1];
	agenda_remove(agenda, first);
	return first;
}

void agenda_free(struct agenda *agenda)
{
	free(agenda->heap);
	*agenda = (struct agenda){ 0 };
}
