/*
 * What the kernel alone takes: two processes and a socket, no loop and no framework.
 *
 *     floor KIND block|spin|bulk SECONDS [PATH]
 *     floor KIND port
 *
 * block and spin print the median round trip of 64 bytes, in nanoseconds. With block, both
 * sides sleep until something comes; with spin, both keep looking. bulk sends 1 MiB there and
 * back, again and again, and prints the bytes a second. port prints a port that is free.
 *
 * The processes are pinned, the server to the first processor and the client to the
 * second, where there are two.
 */
#define _GNU_SOURCE /* sched_setaffinity */
#include "place.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL 64
#define LARGE (1 << 20)
#define MOST 1000000

static char buffer[LARGE];

static void pin(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		sched_setaffinity(0, sizeof(set), &set);
}

static ssize_t receive(int fd, size_t size, int flags)
{
	ssize_t got;
	do
		got = recv(fd, buffer, size, flags);
	while (got == -1 && (errno == EAGAIN || errno == EINTR));
	return got;
}

static void send_all(int fd, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t sent = send(fd, buffer + done, size - done, MSG_NOSIGNAL);
		if (sent == -1)
			_exit(0);
		done += (size_t)sent;
	}
}

static noreturn void serve(const struct place *place, int listener, size_t size, int flags)
{
	int fd = listener;
	pin(0);
	if (place->type != SOCK_DGRAM && (fd = accept(listener, NULL, NULL)) == -1)
		fail("accept");
	if (place->type == SOCK_DGRAM) {
		/* the first message says who is to be answered from now on */
		struct sockaddr_storage peer;
		socklen_t length = sizeof(peer);
		if (recvfrom(fd, buffer, size, 0, (struct sockaddr *)&peer, &length) == -1 ||
		    connect(fd, (struct sockaddr *)&peer, length) == -1)
			fail("first message");
		send_all(fd, SMALL);
	}
	for (ssize_t got; (got = receive(fd, size, flags)) > 0;)
		send_all(fd, (size_t)got);
	_exit(0);
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

static int64_t ping_pong(int fd, int64_t duration, int flags)
{
	static int64_t times[MOST];
	size_t count = 0;
	int64_t begin = now(), before = begin;
	while (count < MOST && before - begin < duration) {
		send_all(fd, SMALL);
		if (receive(fd, SMALL, flags) != SMALL)
			fail("no whole reply");
		int64_t after = now();
		times[count++] = after - before;
		before = after;
	}
	qsort(times, count, sizeof(*times), by_value);
	return times[count / 2];
}

static int64_t bulk(int fd, int64_t duration)
{
	int64_t begin = now(), messages = 0;
	place_nonblocking(fd);
	for (; now() - begin < duration; messages++) {
		size_t sent = 0, got = 0;
		while (got < LARGE) {
			struct pollfd watch = { fd, POLLIN, 0 };
			watch.events |= sent < LARGE ? POLLOUT : 0;
			if (poll(&watch, 1, -1) == -1)
				fail("poll");
			ssize_t n =
				sent == LARGE ? 0 : send(fd, buffer, LARGE - sent, MSG_NOSIGNAL);
			sent += n > 0 ? (size_t)n : 0;
			n = recv(fd, buffer, LARGE - got, 0);
			got += n > 0 ? (size_t)n : 0;
		}
	}
	return (int64_t)((double)messages * LARGE * 1e9 / (double)(now() - begin));
}

static int print_port(const char *kind)
{
	struct place place = place_read(kind, "0");
	int fd = place_listen(&place);
	if (getsockname(fd, (struct sockaddr *)&place.address, &place.length) == -1)
		fail("getsockname");
	printf("%d\n", ntohs(((struct sockaddr_in *)&place.address)->sin_port));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[2], "port") == 0)
		return print_port(argv[1]);
	if (argc < 4)
		return 64;
	bool bulky = strcmp(argv[2], "bulk") == 0;
	int flags = strcmp(argv[2], "spin") == 0 ? MSG_DONTWAIT : 0;
	int64_t duration = (int64_t)(atof(argv[3]) * 1e9);
	struct place place = place_read(argv[1], argc > 4 ? argv[4] : "0");
	int listener = place_listen(&place);
	if (getsockname(listener, (struct sockaddr *)&place.address, &place.length) == -1)
		fail("getsockname");
	pid_t server = fork();
	if (server == -1)
		fail("fork");
	if (server == 0)
		serve(&place, listener, bulky ? LARGE : SMALL, flags);
	pin(1);
	int fd = place_connect(&place);
	if (place.type == SOCK_DGRAM) {
		send_all(fd, SMALL);
		receive(fd, SMALL, 0);
	}
	printf("%lld\n", (long long)(bulky ? bulk(fd, duration) : ping_pong(fd, duration, flags)));
	if (place.address.ss_family == AF_UNIX)
		unlink(argv[4]);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	return 0;
}
