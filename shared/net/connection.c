#include "base/clock.h"
#include "net/record.h"
#include "net/worker.h"
#include "protocol/echo.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A piece of a stream: more does not make bulk faster, and the other peers wait meanwhile. */
#define PIECE (256 << 10)

/*
 * One stream or seqpacket peer. A reply is sent before anything more is received, so that one
 * buffer serves all connections of a worker; only what the peer does not take at once is put aside.
 */
struct connection {
	struct watch watch;
	struct timer timer; /* on the worker's idle, linger or retry timeline */
	struct worker *worker;
	struct connection *previous, *next;
	const struct kind *kind;
	struct echo echo;
	unsigned char *rest; /* of a reply that is not sent yet; NULL: none */
	size_t rest_length, rest_sent;
	char *peer; /* its text, only if somebody observes */
	uint64_t bytes;
	bool over;      /* we have sent all that we shall */
	bool lingering; /* and have told the peer so; what it still sends is read and thrown away */
	bool draining;  /* over as soon as nothing more is here to be read */
	const char *reason; /* why we ended it; NULL: we did not */
};

static struct connection *of_timer(struct timer *timer)
{
	return (struct connection *)((char *)timer - offsetof(struct connection, timer));
}

/* An unnamed unix peer has no address to show, but the kernel knows who it is. */
static char *describe(const struct worker *worker, const struct endpoint *at, int fd,
		      const struct sockaddr_storage *address, socklen_t length)
{
	char text[ENDPOINT_TEXT + 64];
	struct endpoint peer;
	struct identity who;
	if (!worker->server->options->observer)
		return NULL;
	if (endpoint_from_address((const struct sockaddr *)address, length, at->kind, &peer) == -1)
		peer = (struct endpoint){ .family = at->family, .kind = at->kind };
	endpoint_format(&peer, text);
	if (peer.family->identify && peer.family->identify(fd, &who) == 0)
		snprintf(text + strlen(text), 64, "(pid=%ld,uid=%ld,gid=%ld)", (long)who.pid,
			 (long)who.uid, (long)who.gid);
	return strdup(text);
}

/* REASON is NULL where the peer ended it in order. */
static void finish(struct connection *connection, const char *reason)
{
	struct worker *worker = connection->worker;
	const struct server_observer *observer = worker->server->options->observer;
	if (observer && connection->peer)
		observer->closed(connection->peer, connection->bytes, reason);

	loop_remove(worker->loop, &connection->watch);
	timer_clear(&connection->timer);
	close(connection->watch.fd);
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		worker->connections = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	free(connection->rest);
	free(connection->peer);
	free(connection);
	atomic_fetch_sub(&worker->server->open, 1);
	acceptors_resume(worker);
}

static void want(struct connection *connection, unsigned wants)
{
	if (loop_want(connection->worker->loop, &connection->watch, wants) == -1)
		timeline_set(&connection->worker->retry, &connection->timer, clock_now());
}

/*
 * Our side is over. close(2) with unread bytes would reset the peer, and take away what it has not
 * read yet: so the sending side is shut down, and what still comes is read until the peer ends too.
 */
static void say_goodbye(struct connection *connection, const char *reason)
{
	connection->reason = reason;
	connection->over = connection->lingering = true;
	shutdown(connection->watch.fd, SHUT_WR);
	timeline_set(&connection->worker->linger, &connection->timer, clock_now());
	want(connection, LOOP_READ);
}

/* It is alive: it sent, or took what we sent. */
static void touch(struct connection *connection)
{
	struct timeline *idle = &connection->worker->idle;
	if (idle->span > 0 && !connection->draining)
		timeline_set(idle, &connection->timer, clock_now());
}

/* 1: sent whole; 0: the rest must wait; -1 with errno. */
static int send_some(struct connection *connection, const unsigned char *bytes, size_t length,
		     size_t *sent)
{
	do {
		ssize_t now =
			send(connection->watch.fd, bytes + *sent, length - *sent, MSG_NOSIGNAL);
		if (now == -1 && errno == EINTR)
			continue;
		if (now == -1)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
		*sent += (size_t)now;
	} while (*sent < length);
	return 1;
}

static void put_aside(struct connection *connection, const unsigned char *bytes, size_t length)
{
	connection->rest = malloc(length ? length : 1);
	if (!connection->rest) {
		finish(connection, strerror(errno));
		return;
	}
	memcpy(connection->rest, bytes, length);
	connection->rest_length = length;
	connection->rest_sent = 0;
	want(connection, LOOP_WRITE);
}

/* Returns whether the connection can go on to receive. */
static bool deliver(struct connection *connection, const struct step *step)
{
	size_t sent = 0;
	if (!step->answers)
		return true;
	switch (send_some(connection, step->reply, step->length, &sent)) {
	case 1:
		return true;
	case 0:
		put_aside(connection, step->reply + sent, step->length - sent);
		return false;
	default:
		finish(connection, strerror(errno));
		return false;
	}
}

/* Room to send: the rest of a reply first. */
static bool send_rest(struct connection *connection)
{
	size_t before = connection->rest_sent;
	int result = send_some(connection, connection->rest, connection->rest_length,
			       &connection->rest_sent);
	if (result == -1) {
		finish(connection, strerror(errno));
		return true;
	}
	if (result == 0) {
		/*
		 * A unix socket counts as writable long before a large record fits: then there is
		 * nothing to wait for but time.
		 */
		if (connection->rest_sent == before && connection->kind->records) {
			want(connection, 0);
			timeline_set(&connection->worker->retry, &connection->timer, clock_now());
		} else if (connection->rest_sent > before) {
			touch(connection);
		}
		return connection->rest_sent > before;
	}
	touch(connection);
	free(connection->rest);
	connection->rest = NULL;
	if (connection->over)
		finish(connection, NULL);
	else
		want(connection, LOOP_READ);
	return true;
}

static void on_end(struct connection *connection)
{
	struct step step = echo_ended(&connection->echo);
	connection->over = step.over;
	if (deliver(connection, &step) && step.over)
		finish(connection, NULL);
}

static void on_message(struct connection *connection, unsigned char *bytes, size_t length)
{
	struct worker *worker = connection->worker;
	worker->totals.messages++;
	worker->totals.bytes += length;
	connection->bytes += length;
	struct step step = echo_received(&connection->echo, bytes, length);
	touch(connection);
	if (deliver(connection, &step) && step.over)
		say_goodbye(connection, NULL);
}

/* Returns whether there was anything. */
static bool receive(struct connection *connection)
{
	unsigned char *buffer = connection->worker->buffer;
	size_t room = connection->kind->records ? WORKER_BUFFER : PIECE;
	size_t length = 0;
	switch (record_receive(connection->watch.fd, connection->kind, buffer, room, &length)) {
	case RECORD_NONE:
		if (connection->draining && !connection->lingering)
			say_goodbye(connection, "the server ends");
		return false;
	case RECORD_BROKEN:
		finish(connection, strerror(errno));
		return true;
	case RECORD_TOO_LONG:
		finish(connection, "a record longer than the greatest that fits");
		return true;
	case RECORD_END:
		if (connection->lingering)
			finish(connection, connection->reason);
		else
			on_end(connection);
		return true;
	case RECORD_MESSAGE:
		if (!connection->lingering)
			on_message(connection, buffer, length);
		return true;
	}
	return false;
}

static bool on_ready(struct watch *watch, unsigned events)
{
	struct connection *connection = (struct connection *)watch; /* its first member */
	(void)events;
	return connection->rest ? send_rest(connection) : receive(connection);
}

void connection_start(struct worker *worker, const struct endpoint *at, int fd,
		      const struct sockaddr_storage *peer, socklen_t length)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection) {
		close(fd);
		return;
	}
	connection->watch = (struct watch){ .fd = fd, .ready = on_ready };
	connection->worker = worker;
	connection->kind = at->kind;
	connection->echo.form = worker->server->options->form;
	connection->peer = describe(worker, at, fd, peer, length);
	if (loop_add(worker->loop, &connection->watch, LOOP_READ) == -1) {
		close(fd);
		free(connection->peer);
		free(connection);
		return;
	}
	connection->next = worker->connections;
	if (connection->next)
		connection->next->previous = connection;
	worker->connections = connection;
	atomic_fetch_add(&worker->server->open, 1);
	worker->totals.connections++;
	if (connection->peer)
		worker->server->options->observer->connected(connection->peer);
	touch(connection);
}

void connections_drain(struct worker *worker)
{
	struct connection *next;
	for (struct connection *each = worker->connections; each; each = next) {
		next = each->next;
		each->draining = true;
		if (!each->lingering)
			timeline_set(&worker->retry, &each->timer, clock_now());
	}
}

/* Once draining, the end of what was received is found by asking, for no event tells it. */
static void look_again(struct connection *connection, int64_t now)
{
	if (connection->draining && !connection->lingering)
		timeline_set(&connection->worker->retry, &connection->timer, now);
	if (connection->watch.wants == 0)
		want(connection, connection->rest ? LOOP_WRITE : LOOP_READ);
	on_ready(&connection->watch, 0);
}

void connections_expire(struct worker *worker, int64_t now)
{
	struct timer *timer;
	while ((timer = timeline_due(&worker->retry, now)))
		look_again(of_timer(timer), now);
	while ((timer = timeline_due(&worker->linger, now)))
		finish(of_timer(timer), of_timer(timer)->reason);
	while ((timer = timeline_due(&worker->idle, now))) {
		struct connection *connection = of_timer(timer);
		if (connection->rest)
			finish(connection, "idle: it does not read");
		else
			say_goodbye(connection, "idle");
	}
}

void connections_abandon(struct worker *worker)
{
	while (worker->connections)
		finish(worker->connections, "the server ends");
}
