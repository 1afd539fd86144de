#include "net/loop.h"

#include "base/clock.h"
#include "net/loop_backend.h"

#include <errno.h>
#include <stdlib.h>

#define TURN 256

/* A peer that always has something more is served so often before the others are asked. */
#define LONGEST_STREAK 8

/* At most so many sleeps pass without a new trial of the spin. */
#define LONGEST_PAUSE 1024

/* One lucky trial says little: so many in a row end the pauses. */
#define CONVINCING 4

/*
 * Waking a sleeper on another processor costs more than all else in an echo, so a loop that was
 * just busy looks again for a while before it sleeps. Where that finds nothing in time (a slow
 * client, or one that needs this very processor) it is given up for twice as many sleeps each
 * time. What was there at the first look is no success: with one processor for both that is how
 * the next message is found, and to wait for it would keep the client from sending it.
 */
struct spin {
	int64_t length; /* nanoseconds; 0: never */
	unsigned pause; /* after the next fruitless spin: sleeps without one */
	unsigned left;  /* of the present pause */
	unsigned hits;  /* spins in a row that were worth their time */
};

struct loop {
	struct backend *backend;
	struct spin spin;
	struct watch
		*hot; /* the only one that was busy in the last turn: polled without the backend */
	unsigned streak; /* how often in a row it was served so, while others may wait */
	int count;
	struct ready ready[TURN];
};

const char *loop_name(void)
{
	return backend_name();
}

int64_t loop_precision(void)
{
	return backend_precision();
}

struct loop *loop_new(int64_t spin, struct error *error)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	if (!loop) {
		error_system(error, STATUS_SYSTEM, errno, "loop");
		return NULL;
	}
	loop->spin.length = spin;
	loop->backend = backend_new(error);
	if (!loop->backend) {
		free(loop);
		return NULL;
	}
	return loop;
}

void loop_free(struct loop *loop)
{
	backend_free(loop->backend);
	free(loop);
}

int loop_add(struct loop *loop, struct watch *watch, unsigned wants)
{
	watch->wants = wants;
	watch->queued = 0;
	return backend_add(loop->backend, watch);
}

int loop_want(struct loop *loop, struct watch *watch, unsigned wants)
{
	unsigned before = watch->wants;
	if (before == wants)
		return 0;
	watch->wants = wants;
	if (loop->hot == watch)
		loop->hot = NULL;
	if (backend_change(loop->backend, watch, before) == 0)
		return 0;
	watch->wants = before;
	return -1;
}

void loop_remove(struct loop *loop, struct watch *watch)
{
	if (watch->queued)
		loop->ready[watch->queued - 1].watch = NULL;
	watch->queued = 0;
	if (loop->hot == watch)
		loop->hot = NULL;
	backend_remove(loop->backend, watch);
}

static void collect(struct loop *loop, int64_t until)
{
	int count = backend_collect(loop->backend, loop->ready, TURN, until);
	loop->count = count > 0 ? count : 0;
	for (int i = 0; i < loop->count; i++)
		loop->ready[i].watch->queued = (unsigned)i + 1;
}

/* Returns whether something was done or stands ready. */
static bool look_again(struct loop *loop)
{
	/* the one busy peer most of the time, the others often enough */
	for (int i = 0; i < 4 && loop->hot && loop->streak < LONGEST_STREAK; i++) {
		if (loop->hot->ready(loop->hot, LOOP_READ)) {
			loop->streak++;
			return true;
		}
	}
	loop->streak = 0;
	collect(loop, 0);
	return loop->count > 0;
}

static bool spin(struct loop *loop, int64_t until)
{
	struct spin *spin = &loop->spin;
	if (spin->left > 0) {
		spin->left--;
		return false;
	}
	if (look_again(loop))
		return true;
	int64_t start = clock_now();
	int64_t end = spin->length == NEVER ? NEVER : start + spin->length;
	bool found = false;
	while (!found && clock_now() < (end < until ? end : until))
		found = look_again(loop);

	/* found late means that this processor was needed elsewhere: no success either */
	if (spin->length == NEVER)
		return found;
	if (found && clock_now() <= end) {
		if (++spin->hits == CONVINCING) {
			spin->hits = 0;
			spin->pause = 1;
		}
		return true;
	}
	spin->hits = 0;
	spin->left = spin->pause;
	if (spin->pause < LONGEST_PAUSE)
		spin->pause *= 2;
	return found;
}

static void dispatch(struct loop *loop)
{
	int count = loop->count;
	struct watch *busy = NULL;
	for (int i = 0; i < count; i++) {
		struct watch *watch = loop->ready[i].watch;
		if (!watch)
			continue;
		watch->queued = 0;
		loop->ready[i].watch = NULL;
		/* an earlier one of this turn may have changed what it wants */
		unsigned events = loop->ready[i].events & watch->wants;
		if (!events)
			continue;
		loop->hot = watch; /* cleared if it is removed or changes its mind */
		if (watch->ready(watch, events) && loop->hot && watch->wants == LOOP_READ)
			busy = watch;
	}
	loop->hot = count == 1 ? busy : NULL;
	loop->count = 0;
}

void loop_turn(struct loop *loop, int64_t until)
{
	bool found = false;
	if (loop->spin.length > 0 && loop->spin.pause == 0)
		loop->spin.pause = 1; /* the first turn: nothing was busy yet */
	else if (loop->spin.length > 0)
		found = spin(loop, until);
	if (!found)
		collect(loop, until);
	if (loop->count > 0)
		dispatch(loop);
}
