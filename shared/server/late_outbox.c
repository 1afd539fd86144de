#include "server/late_outbox.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

/* So much may wait before nothing more is read. */
#define MOST (1 << 20)

/* Neighbours of the same moment are sent as one, as long as they fit in so much. */
#define TOGETHER 1024

void late_outbox_start(struct late_outbox *late, const struct misbehave_plan *plan, unsigned faults,
		       uint64_t number, bool record)
{
	*late = (struct late_outbox){ .record = record };
	misbehave_start(&late->stage, plan, faults, number);
}

static struct late_block *make(const unsigned char *bytes, size_t length, int64_t at)
{
	size_t room = length > TOGETHER ? length : TOGETHER;
	struct late_block *block = malloc(sizeof(*block) + room);
	if (!block)
		return NULL;
	*block = (struct late_block){ .at = at, .length = length, .room = room };
	if (bytes && length > 0)
		memcpy(block->bytes, bytes, length);
	return block;
}

static void append(struct late_outbox *late, struct late_block *block)
{
	if (late->first)
		late->last->next = block;
	else
		late->first = block;
	late->last = block;
	late->waiting += block->length;
}

/* Can LENGTH bytes of a stream that are due AT go with the last ones? */
static bool fits_the_last(const struct late_outbox *late, size_t length, int64_t at)
{
	const struct late_block *last = late->last;
	return late->first && !late->record && last->sends && !last->apart &&
	       last->then == MISBEHAVE_ON && last->at == at && last->room - last->length >= length;
}

static int put(struct late_outbox *late, const unsigned char *bytes, size_t length, int64_t at)
{
	if (fits_the_last(late, length, at)) {
		memcpy(late->last->bytes + late->last->length, bytes, length);
		late->last->length += length;
		late->waiting += length;
		return 0;
	}
	struct late_block *block = make(bytes, length, at);
	if (!block)
		return -1;
	block->sends = true;
	append(late, block);
	return 0;
}

static int put_end(struct late_outbox *late, enum misbehave_then then, int64_t at)
{
	struct late_block *block = make(NULL, 0, at);
	if (!block)
		return -1;
	block->then = then;
	append(late, block);
	return 0;
}

/* What is sent twice is held twice, so that nothing can fail when it goes. */
static int hold(struct late_outbox *late, const struct misbehave_step *step,
		const unsigned char *bytes, int64_t now)
{
	struct late_block **end = &late->held;
	for (unsigned i = 0; i < step->copies; i++, end = &(*end)->next) {
		*end = make(bytes, step->length, step->at);
		if (!*end)
			return -1;
		(*end)->sends = true;
	}
	late->held_until = now + MISBEHAVE_HOLD;
	return 0;
}

/* What was held goes after all that waits, but not before AT. */
static void let_go(struct late_outbox *late, int64_t at)
{
	if (late->first && late->last->at > at)
		at = late->last->at;
	while (late->held) {
		struct late_block *block = late->held;
		late->held = block->next;
		block->next = NULL;
		block->at = at;
		append(late, block);
	}
}

static int enter(struct late_outbox *late, const struct misbehave_step *step,
		 const unsigned char *bytes, int64_t now)
{
	if (step->hold)
		return hold(late, step, bytes, now);
	for (unsigned i = 0; i < step->copies; i++)
		if (put(late, bytes, step->length, step->at) == -1)
			return -1;
	if (step->apart)
		late->last->apart = true;
	if (step->release)
		let_go(late, step->at);
	return step->then == MISBEHAVE_ON ? 0 : put_end(late, step->then, step->at);
}

int late_outbox_served(struct late_outbox *late, int64_t now, struct misbehave_step *step)
{
	*step = misbehave_served(&late->stage, now);
	return enter(late, step, NULL, now);
}

int late_outbox_take(struct late_outbox *late, unsigned char *bytes, size_t length, int64_t now,
		     struct misbehave_step *step)
{
	*step = late->record ? misbehave_record(&late->stage, bytes, length, now)
			     : misbehave_stream(&late->stage, bytes, length, now);
	return enter(late, step, bytes, now);
}

void late_outbox_finish(struct late_outbox *late)
{
	late->held_until = INT64_MIN;
}

struct late_block *late_outbox_due(struct late_outbox *late, int64_t now)
{
	if (late->held && late->held_until <= now) {
		misbehave_release(&late->stage);
		let_go(late, late->held->at);
	}
	return late->first && late->first->at <= now ? late->first : NULL;
}

void late_outbox_pop(struct late_outbox *late)
{
	struct late_block *first = late->first;
	late->first = first->next;
	late->waiting -= first->length;
	free(first);
}

int64_t late_outbox_next(const struct late_outbox *late)
{
	int64_t next = late->first ? late->first->at : NEVER;
	return late->held && late->held_until < next ? late->held_until : next;
}

void late_outbox_free(struct late_outbox *late)
{
	let_go(late, 0);
	while (late->first)
		late_outbox_pop(late);
}

bool late_outbox_is_empty(const struct late_outbox *late)
{
	return !late->first && !late->held;
}

size_t late_outbox_room(const struct late_outbox *late)
{
	uint64_t left = misbehave_left(&late->stage);
	if (late->stage.over || late->waiting >= MOST)
		return 0;
	return left < LATE_PIECE ? (size_t)left : LATE_PIECE;
}
