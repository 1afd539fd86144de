#include "commands/talk_queue.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for one more length. */
static int widen(struct talk_queue *queue)
{
	if (queue->last < queue->lengths_room)
		return 0;
	if (queue->first > queue->last / 2) {
		memmove(queue->lengths, queue->lengths + queue->first,
			(queue->last - queue->first) * sizeof(*queue->lengths));
		queue->last -= queue->first;
		if (queue->records)
			queue->unsent -= queue->first;
		queue->first = 0;
		return 0;
	}
	size_t room = queue->lengths_room ? 2 * queue->lengths_room : 64;
	size_t *lengths = realloc(queue->lengths, room * sizeof(*lengths));
	if (!lengths)
		return -1;
	queue->lengths = lengths;
	queue->lengths_room = room;
	return 0;
}

int talk_queue_add(struct talk_queue *queue, const char *text, size_t length)
{
	if (widen(queue) == -1)
		return -1;
	if (queue->room - queue->used < length && queue->start > queue->used / 2) {
		memmove(queue->bytes, queue->bytes + queue->start, queue->used - queue->start);
		queue->used -= queue->start;
		queue->start = 0;
	}
	if (queue->room - queue->used < length) {
		size_t room = 2 * (queue->used + length);
		char *bytes = realloc(queue->bytes, room);
		if (!bytes)
			return -1;
		queue->bytes = bytes;
		queue->room = room;
	}
	if (length > 0)
		memcpy(queue->bytes + queue->used, text, length);
	queue->used += length;
	queue->lengths[queue->last++] = length;
	return 0;
}

void talk_queue_free(struct talk_queue *queue)
{
	free(queue->bytes);
	free(queue->lengths);
}

bool talk_queue_next(const struct talk_queue *queue, const char **bytes, size_t *length)
{
	*bytes = queue->bytes + queue->start;
	*length = queue->used - queue->start;
	if (!queue->records)
		return *length > 0;
	if (queue->unsent == queue->last)
		return false;
	*length = queue->lengths[queue->unsent];
	return true;
}

void talk_queue_sent(struct talk_queue *queue, size_t length)
{
	queue->start += length;
	if (queue->records)
		queue->unsent++;
}

void talk_queue_drop(struct talk_queue *queue)
{
	queue->start += queue->lengths[queue->unsent];
	/* of those sent before it, only their number counts from now on */
	queue->first++;
	queue->unsent++;
}

size_t talk_queue_unsent(const struct talk_queue *queue)
{
	return queue->used - queue->start;
}

bool talk_queue_awaits(const struct talk_queue *queue)
{
	return queue->first < queue->last;
}

void talk_queue_answered(struct talk_queue *queue)
{
	/* what comes unasked counts for nothing */
	if (queue->first < queue->unsent)
		queue->first++;
}

size_t talk_queue_answered_by(struct talk_queue *queue, size_t length, bool *whole)
{
	*whole = false;
	if (!talk_queue_awaits(queue))
		return length;
	size_t left = queue->lengths[queue->first] - queue->came;
	*whole = length >= left;
	if (!*whole) {
		queue->came += length;
		return length;
	}
	queue->came = 0;
	queue->first++;
	return left;
}

void talk_queue_give_up(struct talk_queue *queue)
{
	queue->start = queue->used;
	queue->first = queue->unsent = queue->last;
	queue->came = 0;
}
