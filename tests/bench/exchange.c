#define _GNU_SOURCE
#include "exchange.h"

#include "place.h"
#include "usage.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define MOST 2000000
#define WARM_UP 50000000
#define SETTLING 300000
#define PATIENCE 5

static char *buffer;
static int64_t times[MOST];

int exchange_mode(const char *name)
{
	static const char *const names[] = { "block", "spin", "bulk", "idle" };
	for (int mode = EXCHANGE_BLOCK; mode <= EXCHANGE_IDLE; mode++)
		if (strcmp(name, names[mode]) == 0)
			return mode;
	return -1;
}

static void send_whole(int fd, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t sent = send(fd, buffer, size - done, MSG_NOSIGNAL);
		if (sent == -1)
			fail("send");
		done += (size_t)sent;
	}
}

static void receive_whole(int fd, size_t size, int flags)
{
	int64_t begin = 0; /* of looking in vain */
	for (size_t done = 0; done < size;) {
		ssize_t got = recv(fd, buffer, size - done, flags);
		if (got > 0) {
			done += (size_t)got;
			begin = 0;
			continue;
		}
		if (got == 0)
			fail_with("the server ended the connection");
		if (errno != EAGAIN)
			fail("recv");
		if (begin == 0)
			begin = now();
		/* a blocking recv() has its own patience: SO_RCVTIMEO */
		if (!flags || now() - begin > PATIENCE * 1000000000LL)
			fail_with("no reply");
	}
}

static void exchange_at_once(int fd, size_t size)
{
	size_t sent = 0, got = 0;
	while (got < size) {
		struct pollfd watch = { fd, POLLIN, 0 };
		watch.events |= sent < size ? POLLOUT : 0;
		if (poll(&watch, 1, PATIENCE * 1000) <= 0)
			fail_with("no reply");
		ssize_t n = sent == size ? 0 : send(fd, buffer, size - sent, MSG_NOSIGNAL);
		if (n == -1 && errno != EAGAIN)
			fail("send");
		sent += n > 0 ? (size_t)n : 0;
		n = recv(fd, buffer, size - got, 0);
		if (n == 0 || (n == -1 && errno != EAGAIN))
			fail("recv");
		got += n > 0 ? (size_t)n : 0;
	}
}

static void once(int fd, enum exchange_mode mode, size_t size)
{
	if (mode == EXCHANGE_BULK) {
		exchange_at_once(fd, size);
		return;
	}
	send_whole(fd, size);
	receive_whole(fd, size, mode == EXCHANGE_SPIN ? MSG_DONTWAIT : 0);
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

static void measure(int fd, enum exchange_mode mode, size_t size, int64_t duration, pid_t server)
{
	size_t warm = 0, count = 0;
	for (int64_t begin = now(); now() - begin < WARM_UP; warm++)
		once(fd, mode, size);
	int64_t used = usage_cpu(server), begin = now(), before = begin;
	while (before - begin < duration) {
		once(fd, mode, size);
		int64_t after = now();
		times[count++ % MOST] = after - before;
		before = after;
	}
	used = usage_cpu(server) - used;
	printf("rate\t%.3f\n", (double)count * 1e9 / (double)(before - begin));
	size_t kept = count < MOST ? count : MOST;
	qsort(times, kept, sizeof(*times), by_value);
	if (mode != EXCHANGE_BULK)
		printf("p50\t%lld\n", (long long)times[kept / 2]);
	if (server != 0)
		printf("cpu\t%.1f\n", (double)used / (double)count);
	printf("messages\t%zu\n", warm + count);
}

void exchange(int fd, enum exchange_mode mode, size_t size, int64_t duration, pid_t server)
{
	struct timeval patience = { .tv_sec = PATIENCE };
	buffer = calloc(1, size + 1);
	if (!buffer)
		fail("calloc");
	/* seen by sockperf's server as a client's message: number, flags, length */
	if (size >= 14)
		memcpy(buffer, "\0\0\0\0\0\0\0\1\0\3\0\0\0\100", 14);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (mode == EXCHANGE_BULK)
		place_nonblocking(fd);
	if (mode != EXCHANGE_IDLE) {
		measure(fd, mode, size, duration, server);
		return;
	}
	once(fd, mode, size);
	usleep(SETTLING); /* what it still does after a message is not idling */
	int64_t used = usage_cpu(server);
	usleep((useconds_t)(duration / 1000));
	printf("idle\t%lld\n", (long long)(usage_cpu(server) - used));
}
