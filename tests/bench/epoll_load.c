/*
 * The plain load generator: every connection sends its next message when the last one is back.
 *
 *     epoll_load KIND WHERE CONNECTIONS SIZE SECONDS
 *
 * It verifies nothing, and prints how many messages a second came back. With SIZE 0 it only
 * connects, prints `ready`, and holds the connections open until it is killed.
 */
#define _GNU_SOURCE
#include "place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define EVENTS 256
#define WARM_UP 100000000

struct connection {
	int fd;
	size_t sent, got; /* of the message */
};

static char *buffer;
static int loop;

static void watch(struct connection *connection, int operation, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = connection };
	if (epoll_ctl(loop, operation, connection->fd, &event) == -1)
		fail("epoll_ctl");
}

static void push(struct connection *connection, size_t size)
{
	ssize_t sent = send(connection->fd, buffer, size - connection->sent, MSG_NOSIGNAL);
	if (sent == -1 && errno != EAGAIN)
		fail("send");
	connection->sent += sent == -1 ? 0 : (size_t)sent;
}

/* Returns 1 when a whole message is back; the next one is then on its way. */
static int turn(struct connection *connection, size_t size)
{
	size_t before = connection->sent;
	int whole = 0;
	ssize_t got = recv(connection->fd, buffer, size - connection->got, 0);
	if (got == 0 || (got == -1 && errno != EAGAIN))
		fail("recv");
	connection->got += got == -1 ? 0 : (size_t)got;
	if (connection->got == size) {
		connection->sent = connection->got = 0;
		whole = 1;
	}
	if (connection->sent < size)
		push(connection, size);
	if (before < size && connection->sent == size)
		watch(connection, EPOLL_CTL_MOD, EPOLLIN);
	else if (before == size && connection->sent < size)
		watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
	return whole;
}

static double load(size_t size, int64_t duration)
{
	struct epoll_event events[EVENTS];
	int64_t begin = now() + WARM_UP, time;
	double messages = 0;
	while ((time = now()) < begin + duration) {
		int count = epoll_wait(loop, events, EVENTS, 1000);
		for (int i = 0; i < count; i++)
			messages += turn(events[i].data.ptr, size) && time >= begin;
	}
	return messages * 1e9 / (double)(time - begin);
}

int main(int argc, char **argv)
{
	if (argc < 6)
		return 64;
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	struct place place = place_read(argv[1], argv[2]);
	size_t count = (size_t)atol(argv[3]), size = (size_t)atol(argv[4]);
	struct connection *connections = calloc(count, sizeof(*connections));
	buffer = calloc(1, size + 1);
	if (!connections || !buffer)
		fail("calloc");
	loop = epoll_create1(0);
	for (size_t i = 0; i < count; i++) {
		connections[i].fd = place_connect(&place);
		place_nonblocking(connections[i].fd);
	}
	if (size == 0) {
		puts("ready");
		fflush(stdout);
		pause();
	}
	for (size_t i = 0; i < count; i++) {
		push(&connections[i], size);
		watch(&connections[i], EPOLL_CTL_ADD,
		      connections[i].sent < size ? EPOLLIN | EPOLLOUT : EPOLLIN);
	}
	printf("%.0f\n", load(size, (int64_t)(atof(argv[5]) * 1e9)));
	return 0;
}
