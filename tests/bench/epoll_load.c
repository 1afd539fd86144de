/*
 * The plain load generator: many connections, each of which sends its next message when one is back.
 *
 *     epoll_load KIND WHERE PID CONNECTIONS SIZE DEPTH SECONDS [idle]
 *
 * DEPTH messages are in flight on each connection; PID is the server's, or 0. It verifies
 * nothing. Before the clock starts every connection is made, and has had a reply.
 * It prints a figure a line, its name, a tab, its value: `connects` (connections made and first
 * answered a second), `rate` (messages a second), `cpu` (nanoseconds a message that the server
 * used), `memory` (bytes that the server took for them all), `lost` (datagrams), and `messages`,
 * with those of the warm-up. With idle, what the server takes before there is load comes before
 * that: `idle_memory`, and `idle_cpu` (nanoseconds a second). With SECONDS 0 it prints what comes
 * before `rate`, and `ready`, and holds the connections open until it is killed.
 */
#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#include "place.h"
#include "usage.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define EVENTS 256
#define TOGETHER 64 /* so many connections are made before their replies are awaited */
#define DEEPEST 64
#define WARM_UP 100000000
#define IDLE 200000000
#define PATIENCE 5000000000
#define LOST 200000000 /* without a reply for so long, a datagram is taken for lost */

struct connection {
	int fd;
	size_t owed, got; /* bytes to be sent, and those of a message that is not whole yet */
	int64_t heard;    /* when something came last */
	bool waiting;     /* for room */
};

static struct connection *connections;
static size_t count, size, depth;
static char *buffer;
static int loop, type;
static uint64_t messages, lost;
static bool going; /* what is back is sent again */

static void watch(struct connection *connection, int operation, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = connection };
	if (epoll_ctl(loop, operation, connection->fd, &event) == -1)
		fail("epoll_ctl");
}

/* Several datagrams by one call, where it is to be several. */
static ssize_t transfer(int fd, size_t most, bool receiving)
{
	struct mmsghdr headers[DEEPEST] = { 0 };
	struct iovec part = { buffer, size };
	if (most <= size)
		return receiving ? recv(fd, buffer, size, 0) : send(fd, buffer, size, MSG_NOSIGNAL);
	unsigned n = (unsigned)(most / size);
	for (unsigned i = 0; i < n; i++) {
		headers[i].msg_hdr.msg_iov = &part;
		headers[i].msg_hdr.msg_iovlen = 1;
	}
	int done = receiving ? recvmmsg(fd, headers, n, 0, NULL)
			     : sendmmsg(fd, headers, n, MSG_NOSIGNAL);
	return done == -1 ? -1 : done * (ssize_t)size;
}

static void push(struct connection *connection)
{
	if (connection->owed > 0) {
		ssize_t sent =
			type == SOCK_STREAM
				? send(connection->fd, buffer, connection->owed, MSG_NOSIGNAL)
				: transfer(connection->fd, connection->owed, false);
		if (sent == -1 && errno != EAGAIN)
			fail("send");
		connection->owed -= sent == -1 ? 0 : (size_t)sent;
	}
	if (connection->waiting == (connection->owed > 0))
		return;
	connection->waiting = connection->owed > 0;
	watch(connection, EPOLL_CTL_MOD, connection->waiting ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void turn(struct connection *connection, int64_t time)
{
	ssize_t got = type == SOCK_STREAM ? recv(connection->fd, buffer, size * depth, 0)
					  : transfer(connection->fd, size * depth, true);
	if (got == 0)
		fail_with("the server ended a connection");
	if (got == -1 && errno != EAGAIN)
		fail("recv");
	if (got > 0) {
		connection->heard = time;
		connection->got += (size_t)got;
		messages += connection->got / size;
		connection->owed += going ? connection->got / size * size : 0;
		connection->got %= size;
	}
	if (connection->owed > 0)
		push(connection);
}

static void resend_lost(int64_t time)
{
	for (size_t i = 0; i < count; i++) {
		struct connection *connection = &connections[i];
		if (time - connection->heard < LOST)
			continue;
		lost += depth - connection->owed / size;
		connection->owed = depth * size;
		connection->heard = time;
		push(connection);
	}
}

/* Until then, or until so many messages are back. */
static void run(int64_t until, uint64_t enough)
{
	struct epoll_event events[EVENTS];
	int64_t time = now(), heard = time, swept = time;
	while ((time = now()) < until && messages < enough) {
		int ready = epoll_wait(loop, events, EVENTS, 50);
		for (int i = 0; i < ready; i++)
			turn(events[i].data.ptr, time);
		heard = ready > 0 ? time : heard;
		if (time - heard > PATIENCE)
			fail_with("no reply");
		if (going && type == SOCK_DGRAM && time - swept > LOST / 4) {
			resend_lost(time);
			swept = time;
		}
	}
}

static void connect_all(const struct place *place)
{
	for (size_t i = 0; i < count; i++) {
		connections[i].fd = place_connect(place);
		place_nonblocking(connections[i].fd);
		watch(&connections[i], EPOLL_CTL_ADD, EPOLLIN);
		connections[i].owed = size;
		push(&connections[i]);
		if ((i + 1) % TOGETHER == 0 || i + 1 == count)
			run(now() + PATIENCE, i + 1);
		if (messages < i + 1 && ((i + 1) % TOGETHER == 0 || i + 1 == count))
			fail_with("no reply on a new connection");
	}
}

static void load(int64_t duration, pid_t server, int64_t memory)
{
	going = true;
	for (size_t i = 0; i < count; i++) {
		connections[i].owed = depth * size;
		connections[i].heard = now();
		push(&connections[i]);
	}
	run(now() + WARM_UP, UINT64_MAX);
	uint64_t before = messages;
	int64_t used = usage_cpu(server), begin = now();
	run(begin + duration, UINT64_MAX);
	int64_t end = now();
	used = usage_cpu(server) - used;
	if (messages == before)
		fail_with("no reply");
	printf("rate\t%.1f\n", (double)(messages - before) * 1e9 / (double)(end - begin));
	if (server != 0)
		printf("cpu\t%.1f\nmemory\t%lld\n", (double)used / (double)(messages - before),
		       (long long)(usage_memory(server) - memory));
	printf("lost\t%llu\nmessages\t%llu\n", (unsigned long long)lost,
	       (unsigned long long)messages);
}

static void print_idle(pid_t server, int64_t memory)
{
	usleep(IDLE / 1000); /* what it still does after a message is not idling */
	int64_t used = usage_cpu(server);
	usleep(IDLE / 1000);
	used = usage_cpu(server) - used;
	printf("idle_memory\t%lld\nidle_cpu\t%lld\n", (long long)(usage_memory(server) - memory),
	       (long long)used * (1000000000 / IDLE));
}

static void allow(size_t descriptors)
{
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= descriptors)
		return;
	fprintf(stderr, "ulimit -n is %llu: too few\n", (unsigned long long)limit.rlim_cur);
	exit(1);
}

int main(int argc, char **argv)
{
	if (argc < 8)
		return 64;
	struct place place = place_read(argv[1], argv[2]);
	pid_t server = atoi(argv[3]);
	double seconds = atof(argv[7]);
	count = (size_t)atol(argv[4]), size = (size_t)atol(argv[5]), depth = (size_t)atol(argv[6]);
	type = place.type;
	allow(count + 10);
	connections = calloc(count, sizeof(*connections));
	buffer = calloc(depth, size);
	loop = epoll_create1(0);
	if (!connections || !buffer || loop == -1 || depth > DEEPEST)
		fail("setting up");
	int64_t memory = usage_memory(server), begin = now();
	connect_all(&place);
	printf("connects\t%.0f\n", (double)count * 1e9 / (double)(now() - begin));
	if (argc > 8)
		print_idle(server, memory);
	if (seconds == 0) {
		puts("ready");
		fflush(stdout);
		pause();
	}
	load((int64_t)(seconds * 1e9), server, memory);
	return 0;
}
