#include "server/callers.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 4096 /* a power of two */

struct callers {
	struct caller *places[PLACES];
	struct caller *newest, *oldest;
	size_t count;
};

struct callers *callers_new(void)
{
	return calloc(1, sizeof(struct callers));
}

void callers_free(struct callers *callers)
{
	while (callers && callers->oldest) {
		struct caller *oldest = callers->oldest;
		callers->oldest = oldest->newer;
		free(oldest);
	}
	free(callers);
}

/* FNV-1a (Fowler, Noll, Vo). */
static struct caller **place_of(struct callers *callers, const unsigned char *address,
				socklen_t length)
{
	uint32_t hash = 2166136261u;
	for (socklen_t i = 0; i < length; i++)
		hash = (hash ^ address[i]) * 16777619u;
	return &callers->places[(hash ^ (hash >> 16)) % PLACES];
}

static void take_out(struct callers *callers, struct caller *caller)
{
	*(caller->newer ? &caller->newer->older : &callers->newest) = caller->older;
	*(caller->older ? &caller->older->newer : &callers->oldest) = caller->newer;
}

static void make_newest(struct callers *callers, struct caller *caller)
{
	caller->newer = NULL;
	caller->older = callers->newest;
	*(callers->newest ? &callers->newest->newer : &callers->oldest) = caller;
	callers->newest = caller;
}

struct caller *callers_oldest(struct callers *callers)
{
	return callers->count < CALLERS_MOST ? NULL : callers->oldest;
}

/* The oldest one's memory becomes the new one's. */
static struct caller *recycle(struct callers *callers)
{
	struct caller *oldest = callers->oldest;
	struct caller **link =
		place_of(callers, (const unsigned char *)&oldest->address, oldest->length);
	while (*link != oldest)
		link = &(*link)->next;
	*link = oldest->next;
	take_out(callers, oldest);
	return oldest;
}

struct caller *callers_find(struct callers *callers, const void *address, socklen_t length)
{
	struct caller *caller = *place_of(callers, address, length);
	while (caller &&
	       (caller->length != length || memcmp(&caller->address, address, length) != 0))
		caller = caller->next;
	if (caller) {
		take_out(callers, caller);
		make_newest(callers, caller);
	}
	return caller;
}

struct caller *callers_add(struct callers *callers, const void *address, socklen_t length)
{
	bool full = callers->count == CALLERS_MOST;
	struct caller *caller = full ? recycle(callers) : malloc(sizeof(*caller));
	struct caller **place = place_of(callers, address, length);
	if (!caller)
		return NULL;
	callers->count += !full;
	*caller = (struct caller){ .next = *place, .length = length };
	memcpy(&caller->address, address, length);
	*place = caller;
	make_newest(callers, caller);
	return caller;
}
