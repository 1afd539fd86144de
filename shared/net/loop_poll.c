#include "net/loop_backend.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

struct backend {
	struct pollfd *items;
	struct watch **watches; /* watches[i] waits in items[i], and its slot is i */
	unsigned count;
	unsigned room;
	unsigned next; /* where the next turn begins, so that the first ones are not always first */
};

const char *backend_name(void)
{
	return "poll";
}

int64_t backend_precision(void)
{
	return 2 * NSEC_PER_MSEC; /* whole milliseconds, rounded up, and the waking */
}

struct backend *backend_new(struct error *error)
{
	struct backend *backend = calloc(1, sizeof(*backend));
	if (!backend)
		error_system(error, STATUS_SYSTEM, errno, "poll");
	return backend;
}

void backend_free(struct backend *backend)
{
	free(backend->items);
	free(backend->watches);
	free(backend);
}

static int grow(struct backend *backend)
{
	unsigned room = backend->room ? backend->room * 2 : 64;
	struct pollfd *items = realloc(backend->items, room * sizeof(*items));
	if (!items)
		return -1;
	backend->items = items;
	struct watch **watches = realloc(backend->watches, room * sizeof(*watches));
	if (!watches)
		return -1;
	backend->watches = watches;
	backend->room = room;
	return 0;
}

static void set(struct backend *backend, const struct watch *watch)
{
	struct pollfd *item = &backend->items[watch->slot];
	item->events = 0;
	item->revents = 0;
	if (watch->wants & LOOP_READ)
		item->events |= POLLIN;
	if (watch->wants & LOOP_WRITE)
		item->events |= POLLOUT;
	/*
	 * one that is wanted for nothing would still report its end, again and again:
	 * it is passed over
	 */
	item->fd = watch->wants ? watch->fd : -1;
}

int backend_add(struct backend *backend, struct watch *watch)
{
	if (backend->count == backend->room && grow(backend) == -1)
		return -1;
	watch->slot = backend->count++;
	backend->watches[watch->slot] = watch;
	set(backend, watch);
	return 0;
}

int backend_change(struct backend *backend, struct watch *watch, unsigned before)
{
	(void)before;
	set(backend, watch);
	return 0;
}

void backend_remove(struct backend *backend, struct watch *watch)
{
	unsigned last = --backend->count;
	if (watch->slot == last)
		return;
	backend->items[watch->slot] = backend->items[last];
	backend->watches[watch->slot] = backend->watches[last];
	backend->watches[watch->slot]->slot = watch->slot;
}

int backend_collect(struct backend *backend, struct ready *ready, int room, int64_t until)
{
	int left = poll(backend->items, backend->count, clock_poll_timeout(until));
	int count = 0;
	unsigned start = backend->next < backend->count ? backend->next : 0;
	for (unsigned step = 0; step < backend->count && left > 0 && count < room; step++) {
		unsigned i = start + step < backend->count ? start + step
							   : start + step - backend->count;
		int seen = backend->items[i].revents;
		if (!seen)
			continue;
		struct watch *watch = backend->watches[i];
		unsigned events = 0;
		if (seen & POLLIN)
			events |= LOOP_READ;
		if (seen & POLLOUT)
			events |= LOOP_WRITE;
		if (seen & (POLLERR | POLLHUP | POLLNVAL))
			events |= watch->wants;
		ready[count++] = (struct ready){ .watch = watch, .events = events };
		backend->next = i + 1;
		left--;
	}
	return count;
}
