#ifndef COMMANDS_TALK_QUEUE_H
#define COMMANDS_TALK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The lines that a person typed and that are not done with: those still to be sent, and those whose
 * reply is still to come. Sending never waits for the peer, which may itself wait until its replies
 * are read. Zero the struct; talk_queue_free() at the end.
 */
struct talk_queue {
	bool records;
	char *bytes; /* those not yet sent, from START to USED */
	size_t start, used, room;
	size_t *lengths; /* of the lines whose reply is awaited, in order, from FIRST to LAST */
	size_t first, last, lengths_room;
	size_t unsent; /* the first of them that was not sent; of records only */
	size_t came;   /* bytes of the first one's reply; on a stream only */
};

/* -1: errno, and nothing was added. On a stream LENGTH is not 0. */
int talk_queue_add(struct talk_queue *queue, const char *text, size_t length);
void talk_queue_free(struct talk_queue *queue);

/* What is to be sent next: a record, or of a stream all there is. False: nothing. */
bool talk_queue_next(const struct talk_queue *queue, const char **bytes, size_t *length);

/* So many bytes of it were sent; a record is sent whole. */
void talk_queue_sent(struct talk_queue *queue, size_t length);

/* The record that is next cannot be sent, and is dropped. */
void talk_queue_drop(struct talk_queue *queue);

/* How many bytes are not yet sent, and whether any reply is still to come. */
size_t talk_queue_unsent(const struct talk_queue *queue);
bool talk_queue_awaits(const struct talk_queue *queue);

/* A record came: the reply to the first line. */
void talk_queue_answered(struct talk_queue *queue);

/*
 * LENGTH bytes of a stream came: how many of them belong to the reply to the first line, and
 * whether it is whole with them. With nothing awaited, all of them, and false.
 */
size_t talk_queue_answered_by(struct talk_queue *queue, size_t length, bool *whole);

/* No reply is awaited any more. */
void talk_queue_give_up(struct talk_queue *queue);

#endif
