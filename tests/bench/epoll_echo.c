/*
 * The plain echo server that one writes by hand for one family:
 *
 *     epoll_echo KIND WHERE [SPIN]
 *
 * It has one shared buffer, and keeps bytes for a connection only while that has not taken all
 * of its reply. SPIN is for how many microseconds it looks again before it sleeps, as the
 * program's own server does.
 */
#define _GNU_SOURCE /* accept4 */
#include "place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BUFFER (256 << 10)
#define EVENTS 256

struct connection {
	int fd;
	char *left; /* of the reply, or NULL */
	size_t length, done;
};

static char buffer[BUFFER];
static int loop;

static void watch(int fd, int operation, uint32_t events, void *connection)
{
	struct epoll_event event = { .events = events, .data.ptr = connection };
	if (epoll_ctl(loop, operation, fd, &event) == -1)
		fail("epoll_ctl");
}

static void end(struct connection *connection)
{
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
	watch(connection->fd, EPOLL_CTL_MOD, EPOLLOUT, connection);
}

static void readable(struct connection *connection)
{
	ssize_t got = recv(connection->fd, buffer, BUFFER, 0);
	if (got == -1 && errno == EAGAIN)
		return;
	if (got <= 0) {
		end(connection);
		return;
	}
	ssize_t sent = send(connection->fd, buffer, (size_t)got, MSG_NOSIGNAL);
	if (sent == -1 && errno != EAGAIN)
		end(connection);
	else if (sent != got)
		keep(connection, sent == -1 ? 0 : (size_t)sent, (size_t)got);
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
static void answer_all(int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	ssize_t got;
	while ((got = recvfrom(fd, buffer, BUFFER, MSG_DONTWAIT, (struct sockaddr *)&peer,
			       &length)) != -1) {
		sendto(fd, buffer, (size_t)got, 0, (struct sockaddr *)&peer, length);
		length = sizeof(peer);
	}
}

static int wait_for(struct epoll_event *events, int64_t spin)
{
	int count = 0;
	if (spin > 0)
		for (int64_t begin = now(); count == 0 && now() - begin < spin;)
			count = epoll_wait(loop, events, EVENTS, 0);
	return count ? count : epoll_wait(loop, events, EVENTS, -1);
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS];
	if (argc < 3)
		return 64;
	struct place place = place_read(argv[1], argv[2]);
	int64_t spin = argc > 3 ? atoll(argv[3]) * 1000 : 0;
	int listener = place_listen(&place);
	if (place.type != SOCK_DGRAM)
		place_nonblocking(listener);
	loop = epoll_create1(0);
	watch(listener, EPOLL_CTL_ADD, EPOLLIN, NULL);
	for (;;) {
		int count = wait_for(events, spin);
		for (int i = 0; i < count; i++) {
			struct connection *connection = events[i].data.ptr;
			if (!connection && place.type == SOCK_DGRAM)
				answer_all(listener);
			else if (!connection)
				accept_all(listener);
			else if (connection->left)
				writable(connection);
			else
				readable(connection);
		}
	}
}
