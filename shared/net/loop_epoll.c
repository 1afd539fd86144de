/* epoll(7) is Linux's. */
#define _GNU_SOURCE

#include "net/loop_backend.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define ROOM 256

struct backend {
	int fd;
	struct epoll_event events[ROOM];
};

const char *backend_name(void)
{
	return "epoll";
}

int64_t backend_precision(void)
{
	return 100 * NSEC_PER_USEC; /* timer slack (prctl(2), PR_SET_TIMERSLACK) and the waking */
}

struct backend *backend_new(struct error *error)
{
	struct backend *backend = malloc(sizeof(*backend));
	if (backend)
		backend->fd = epoll_create1(EPOLL_CLOEXEC);
	if (!backend || backend->fd == -1) {
		error_system(error, STATUS_SYSTEM, errno, "epoll");
		free(backend);
		return NULL;
	}
	return backend;
}

void backend_free(struct backend *backend)
{
	close(backend->fd);
	free(backend);
}

static int control(struct backend *backend, int operation, struct watch *watch)
{
	struct epoll_event event = { .data.ptr = watch };
	if (watch->wants & LOOP_READ)
		event.events |= EPOLLIN;
	if (watch->wants & LOOP_WRITE)
		event.events |= EPOLLOUT;
	if (watch->shared && operation == EPOLL_CTL_ADD)
		event.events |= EPOLLEXCLUSIVE;
	return epoll_ctl(backend->fd, operation, watch->fd, &event);
}

/*
 * A descriptor that is wanted for nothing would still report its end, again and again:
 * it is left out.
 */
int backend_add(struct backend *backend, struct watch *watch)
{
	return watch->wants ? control(backend, EPOLL_CTL_ADD, watch) : 0;
}

int backend_change(struct backend *backend, struct watch *watch, unsigned before)
{
	if (!before)
		return backend_add(backend, watch);
	return control(backend, watch->wants ? EPOLL_CTL_MOD : EPOLL_CTL_DEL, watch);
}

void backend_remove(struct backend *backend, struct watch *watch)
{
	if (watch->wants)
		control(backend, EPOLL_CTL_DEL, watch);
}

/*
 * epoll_wait(2) counts in milliseconds. What is due sooner is waited for by ppoll(2), which counts
 * in nanoseconds; epoll_pwait2(2) would do both, where the C library has it.
 */
static int wait(struct backend *backend, int room, int64_t until)
{
	if (until == 0 || until == NEVER)
		return epoll_wait(backend->fd, backend->events, room, until == 0 ? 0 : -1);
	int timeout = clock_poll_timeout(until);
	if (timeout > 1) { /* it was rounded up: the last millisecond is the finer clock's */
		int count = epoll_wait(backend->fd, backend->events, room, timeout - 1);
		if (count != 0)
			return count;
		timeout = 1;
	}
	if (timeout == 1) {
		struct pollfd self = { .fd = backend->fd, .events = POLLIN };
		int64_t left = until - clock_now();
		struct timespec span = { .tv_nsec = left > 0 ? (long)left : 0 };
		ppoll(&self, 1, &span, NULL);
		timeout = 0;
	}
	return epoll_wait(backend->fd, backend->events, room, timeout);
}

int backend_collect(struct backend *backend, struct ready *ready, int room, int64_t until)
{
	int count = wait(backend, room < ROOM ? room : ROOM, until);
	for (int i = 0; i < count; i++) {
		struct watch *watch = backend->events[i].data.ptr;
		unsigned seen = backend->events[i].events;
		unsigned events = 0;
		if (seen & EPOLLIN)
			events |= LOOP_READ;
		if (seen & EPOLLOUT)
			events |= LOOP_WRITE;
		if (seen & (EPOLLERR | EPOLLHUP))
			events |= watch->wants;
		ready[i] = (struct ready){ .watch = watch, .events = events };
	}
	return count;
}
