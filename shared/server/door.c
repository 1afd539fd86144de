#include "server/door.h"

#include <stdbool.h>
#include <sys/socket.h>

void door_init(struct door *door)
{
	pthread_mutex_init(&door->mutex, NULL);
	for (int i = 0; i < DOOR_PLACES; i++)
		door->places[i].fd = -1;
}

void door_destroy(struct door *door)
{
	pthread_mutex_destroy(&door->mutex);
}

static bool same(const struct source *a, const struct source *b)
{
	return a->family == b->family && a->key == b->key;
}

static int count(const struct door *door, const struct source *source)
{
	int number = 0;
	for (int i = 0; i < DOOR_PLACES; i++)
		number += same(&door->places[i].source, source);
	return number;
}

/* All places are taken: one of those from where the most come, the newcomer counted. */
static int choose(const struct door *door, const struct source *newcomer, uint32_t chance)
{
	int candidates[DOOR_PLACES], found = 0, most = 0;
	for (int i = 0; i < DOOR_PLACES; i++) {
		const struct source *source = &door->places[i].source;
		int number = count(door, source) + same(source, newcomer);
		if (number > most) {
			most = number;
			found = 0;
		}
		if (number == most)
			candidates[found++] = i;
	}
	return candidates[chance % (uint32_t)found];
}

static int find_free(const struct door *door)
{
	for (int i = 0; i < DOOR_PLACES; i++)
		if (door->places[i].fd == -1)
			return i;
	return -1;
}

int door_enter(struct door *door, const struct source *source, int fd, atomic_bool *turned_out,
	       uint32_t chance)
{
	pthread_mutex_lock(&door->mutex);
	int number = find_free(door);
	if (number == -1) {
		number = choose(door, source, chance);
		atomic_store(door->places[number].turned_out, true);
		shutdown(door->places[number].fd, SHUT_RDWR);
	}
	door->places[number] =
		(struct place){ .source = *source, .fd = fd, .turned_out = turned_out };
	pthread_mutex_unlock(&door->mutex);
	return number;
}

void door_rename(struct door *door, int place, const struct source *source,
		 const atomic_bool *turned_out)
{
	pthread_mutex_lock(&door->mutex);
	if (!atomic_load(turned_out))
		door->places[place].source = *source;
	pthread_mutex_unlock(&door->mutex);
}

void door_leave(struct door *door, int place, const atomic_bool *turned_out)
{
	pthread_mutex_lock(&door->mutex);
	if (!atomic_load(turned_out))
		door->places[place].fd = -1;
	pthread_mutex_unlock(&door->mutex);
}
