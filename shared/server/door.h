#ifndef SERVER_DOOR_H
#define SERVER_DOOR_H

#include "net/family.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/*
 * The peers that have yet to prove themselves, of all workers together. There are so many places;
 * whoever comes when they are taken gets the place of another, one of those from the source that has
 * the most of them. So a flood from one source turns out its own, and not the peer from far away
 * whose answer is still on its way. Where no source stands out, chance decides.
 */

#define DOOR_PLACES 64
#define DOOR_NONE (-1) /* no place */

/* Where peers come from, as far as it can be told: a user of this machine, a network address. */
struct source {
	const struct family *family;
	uint64_t key; /* struct family's source */
};

struct place {
	struct source source;
	int fd; /* -1: the place is free */
	atomic_bool *turned_out;
};

struct door {
	pthread_mutex_t mutex;
	struct place places[DOOR_PLACES];
};

void door_init(struct door *door);
void door_destroy(struct door *door);

/*
 * Takes a place for the peer at FD. Whoever must leave for it finds *TURNED_OUT of its own set, and
 * its socket shut down, so that its thread looks at it. CHANCE is a random number. Returns the place.
 */
int door_enter(struct door *door, const struct source *source, int fd, atomic_bool *turned_out,
	       uint32_t chance);

/* It turned out to come from SOURCE: its place, unless that was taken away, counts for that now. */
void door_rename(struct door *door, int place, const struct source *source,
		 const atomic_bool *turned_out);

/* Gives the place back, unless it was taken away (*TURNED_OUT) before. Before close(2). */
void door_leave(struct door *door, int place, const atomic_bool *turned_out);

#endif
