#include "demos/waits.h"

#include "base/clock.h"
#include "demos/demo.h"
#include "demos/patience.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

void demo_limit(int fd)
{
	const int most = patience_left();
	const struct timeval limit = { .tv_sec = most / 1000, .tv_usec = most % 1000 * 1000 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

int demo_nonblock(int fd)
{
	demo_limit(fd);
	int flags = fcntl(fd, F_GETFL);
	if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1)
		return -1;
	if (fcntl(fd, F_GETFL) & O_NONBLOCK)
		return 0;
	errno = EINVAL;
	return -1;
}

static bool await(struct pollfd *watched, nfds_t count)
{
	if (poll(watched, count, patience_left()) > 0)
		return true;
	patience_lost();
	errno = ETIMEDOUT;
	return false;
}

bool demo_await(int fd, short events)
{
	struct pollfd watched = { .fd = fd, .events = events };
	return await(&watched, 1);
}

bool demo_readable(int fd)
{
	return demo_await(fd, POLLIN);
}

bool demo_ready(int fd)
{
	return poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 0) == 1;
}

bool demo_either_readable(int first, int second)
{
	struct pollfd watched[] = { { .fd = first, .events = POLLIN },
				    { .fd = second, .events = POLLIN } };
	return await(watched, 2);
}

struct awaited {
	int fd;
	size_t bytes;
};

static bool has_arrived(void *context)
{
	const struct awaited *awaited = context;
	char bytes[64];
	ssize_t count = recv(awaited->fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);
	return count >= 0 && (size_t)count >= awaited->bytes;
}

bool demo_arrived(int fd, size_t bytes)
{
	struct awaited awaited = { .fd = fd, .bytes = bytes };
	return demo_eventually(has_arrived, &awaited);
}

ssize_t demo_receive(int fd, void *buffer, size_t length, int flags)
{
	size_t got = 0;
	do {
		if (!demo_readable(fd))
			return -1;
		ssize_t count = recv(fd, (char *)buffer + got, length - got,
				     (flags & ~MSG_WAITALL) | MSG_DONTWAIT);
		if (count == -1)
			return -1;
		if (count == 0)
			break;
		got += (size_t)count;
	} while (flags & MSG_WAITALL && got < length);
	return (ssize_t)got;
}

int demo_accept(int listener)
{
	demo_limit(listener);
	return demo_readable(listener) ? accept(listener, NULL, NULL) : -1;
}

int demo_connect(int fd, const void *address, socklen_t length)
{
	demo_limit(fd);
	int result = connect(fd, address, length);
	/* what a limit that has run out is called: by AF_UNIX, by TCP */
	if (result == -1 && (errno == EAGAIN || errno == EINPROGRESS)) {
		patience_lost();
		errno = ETIMEDOUT;
	}
	return result;
}

struct awaited_child {
	pid_t child;
	int status;
};

static bool has_ended(void *context)
{
	struct awaited_child *awaited = context;
	return waitpid(awaited->child, &awaited->status, WNOHANG) != 0;
}

int demo_ended(pid_t child)
{
	struct awaited_child awaited = { .child = child, .status = -1 };
	if (!demo_eventually(has_ended, &awaited)) {
		kill(child, SIGKILL);
		waitpid(child, &awaited.status, 0);
	}
	return awaited.status;
}
