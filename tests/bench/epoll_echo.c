/*
 * The plain echo server that one writes by hand for one family:
 *
 *     epoll_echo KIND WHERE [SPIN]
 *
 * It has one shared buffer, and keeps bytes for a connection only while that has not taken all
 * of its reply. SPIN is for how many microseconds it looks again before it sleeps, with the same
 * rules as the program's own server: see look_again() and wait_for().
 *
 * With SOCKPERF in the environment it clears the bit by which sockperf tells a client's message
 * from a reply, so that this tool can be a client of it.
 */
#define _GNU_SOURCE /* accept4 */
#include "place.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BUFFER (256 << 10)
#define EVENTS 256
#define LONGEST_STREAK 8
#define LONGEST_PAUSE 1024
#define CONVINCING 4
#define FLAGS 9 /* the byte of a message that has sockperf's bit */

struct connection {
	int fd;
	char *left; /* of the reply, or NULL */
	size_t length, done;
};

static _Alignas(4096) char buffer[BUFFER];
static int loop;
static bool sockperf;
static struct connection *hot; /* the only one that was busy in the last turn */

static void watch(int fd, int operation, uint32_t events, void *connection)
{
	struct epoll_event event = { .events = events, .data.ptr = connection };
	if (epoll_ctl(loop, operation, fd, &event) == -1)
		fail("epoll_ctl");
}

static void end(struct connection *connection)
{
	if (hot == connection)
		hot = NULL;
	close(connection->fd);
	free(connection->left);
	free(connection);
}

static void accept_all(int listener)
{
	int fd;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) != -1) {
		struct connection *connection = calloc(1, sizeof(*connection));
		if (!connection)
			fail("calloc");
		connection->fd = fd;
		watch(fd, EPOLL_CTL_ADD, EPOLLIN, connection);
	}
}

static void keep(struct connection *connection, size_t from, size_t to)
{
	connection->left = malloc(to - from);
	if (!connection->left)
		fail("malloc");
	memcpy(connection->left, buffer + from, to - from);
	connection->length = to - from;
	connection->done = 0;
	if (hot == connection)
		hot = NULL;
	watch(connection->fd, EPOLL_CTL_MOD, EPOLLOUT, connection);
}

/* Returns whether there was something to do. */
static bool readable(struct connection *connection)
{
	ssize_t got = recv(connection->fd, buffer, BUFFER, 0);
	if (got == -1 && errno == EAGAIN)
		return false;
	if (got <= 0) {
		end(connection);
		return true;
	}
	if (sockperf)
		buffer[FLAGS] &= ~1;
	ssize_t sent = send(connection->fd, buffer, (size_t)got, MSG_NOSIGNAL);
	if (sent == -1 && errno != EAGAIN)
		end(connection);
	else if (sent != got)
		keep(connection, sent == -1 ? 0 : (size_t)sent, (size_t)got);
	return true;
}

static void writable(struct connection *connection)
{
	ssize_t sent = send(connection->fd, connection->left + connection->done,
			    connection->length - connection->done, MSG_NOSIGNAL);
	if (sent == -1 && errno != EAGAIN) {
		end(connection);
		return;
	}
	connection->done += sent == -1 ? 0 : (size_t)sent;
	if (connection->done < connection->length)
		return;
	free(connection->left);
	connection->left = NULL;
	watch(connection->fd, EPOLL_CTL_MOD, EPOLLIN, connection);
}

/* sendto() blocks: a unix peer whose queue is full holds the others up, as in any plain loop. */
static bool answer_all(int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	ssize_t got;
	bool any = false;
	while ((got = recvfrom(fd, buffer, BUFFER, MSG_DONTWAIT, (struct sockaddr *)&peer,
			       &length)) != -1) {
		sendto(fd, buffer, (size_t)got, 0, (struct sockaddr *)&peer, length);
		length = sizeof(peer);
		any = true;
	}
	return any;
}

static bool serve(struct connection *connection, int kind)
{
	return kind == SOCK_DGRAM ? answer_all(connection->fd) : readable(connection);
}

/* The busy one most of the time, the others often enough. It returns how many are ready, or -1
 * if the busy one was served. */
static int look_again(struct epoll_event *events, int kind)
{
	static unsigned streak;
	for (int i = 0; i < 4 && hot && streak < LONGEST_STREAK; i++) {
		if (serve(hot, kind)) {
			streak++;
			return -1;
		}
	}
	streak = 0;
	return epoll_wait(loop, events, EVENTS, 0);
}

/* A spin in vain is followed by a pause of twice as many sleeps each time. */
static int wait_for(struct epoll_event *events, int64_t spin, int kind)
{
	static unsigned pause = 1, left, hits;
	int count;
	if (spin == 0)
		return epoll_wait(loop, events, EVENTS, -1);
	if (left > 0) {
		left--;
		return epoll_wait(loop, events, EVENTS, -1);
	}
	if ((count = look_again(events, kind)) != 0)
		return count;
	int64_t until = now() + spin;
	while (count == 0 && now() < until)
		count = look_again(events, kind);
	if (count != 0 && now() <= until) {
		if (++hits == CONVINCING) {
			hits = 0;
			pause = 1;
		}
		return count;
	}
	hits = 0;
	left = pause;
	pause *= pause < LONGEST_PAUSE ? 2 : 1;
	return count ? count : epoll_wait(loop, events, EVENTS, -1);
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS];
	if (argc < 3)
		return 64;
	struct place place = place_read(argv[1], argv[2]);
	int64_t spin = argc > 3 ? atoll(argv[3]) * 1000 : 0;
	struct connection door = { .fd = place_listen(&place) };
	sockperf = getenv("SOCKPERF");
	if (place.type != SOCK_DGRAM)
		place_nonblocking(door.fd);
	loop = epoll_create1(0);
	watch(door.fd, EPOLL_CTL_ADD, EPOLLIN, &door);
	for (;;) {
		int count = wait_for(events, spin, place.type);
		if (count == -1)
			continue;
		hot = NULL;
		for (int i = 0; i < count; i++) {
			struct connection *connection = events[i].data.ptr;
			if (connection == &door && place.type != SOCK_DGRAM) {
				accept_all(door.fd);
				continue;
			}
			if (count == 1)
				hot = connection;
			if (connection->left)
				writable(connection);
			else
				serve(connection, place.type);
		}
	}
}
