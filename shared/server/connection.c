#include "base/clock.h"
#include "base/random.h"
#include "server/peer.h"
#include "net/record.h"
#include "server/worker.h"
#include "protocol/conversation.h"

#include <errno.h>
#include <inttypes.h>
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
	struct timer timer; /* on one of the worker's timelines */
	struct worker *worker;
	struct connection *previous, *next;
	const struct kind *kind;
	struct conversation conversation;
	unsigned char *rest; /* of a reply that is not sent yet; NULL: none */
	size_t rest_length, rest_sent;
	char *peer; /* its text, only if somebody observes */
	uint64_t bytes;
	bool over;      /* we have sent all that we shall */
	bool lingering; /* and have told the peer so; what it still sends is read and thrown away */
	bool draining;  /* over as soon as nothing more is here to be read */
	bool told;      /* the observer knows of it */
	bool unproven;  /* counts as one of those that the worker waits for */
	const char *reason; /* why we ended it; NULL: we did not */
	char *explanation;  /* memory of a reason that is not static */
};

static struct connection *of_timer(struct timer *timer)
{
	return (struct connection *)((char *)timer - offsetof(struct connection, timer));
}

static void tell_connected(struct connection *connection)
{
	if (connection->peer && !connection->told)
		connection->worker->server->options->observer->connected(connection->peer);
	connection->told = true;
}

/* REASON is NULL where the peer ended it in order. */
static void finish(struct connection *connection, const char *reason)
{
	struct worker *worker = connection->worker;
	const struct server_observer *observer = worker->server->options->observer;
	tell_connected(connection);
	if (observer && connection->peer)
		observer->closed(connection->peer, connection->bytes, reason);

	loop_remove(worker->loop, &connection->watch);
	timer_clear(&connection->timer);
	worker->unproven -= connection->unproven;
	if (connection->conversation.memory) {
		conversation_wipe(&connection->conversation);
		free(connection->conversation.memory);
	}
	close(connection->watch.fd);
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		worker->connections = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	free(connection->rest);
	free(connection->peer);
	free(connection->explanation);
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
	if (idle->span > 0 && !connection->draining && !connection->unproven)
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

/* Behind what waits already. False: there is no memory, and no connection any more. */
static bool put_aside(struct connection *connection, const unsigned char *bytes, size_t length)
{
	size_t waiting = connection->rest ? connection->rest_length - connection->rest_sent : 0;
	unsigned char *rest = malloc(waiting + length ? waiting + length : 1);
	if (!rest) {
		finish(connection, strerror(errno));
		return false;
	}
	if (waiting > 0)
		memcpy(rest, connection->rest + connection->rest_sent, waiting);
	if (length > 0)
		memcpy(rest + waiting, bytes, length);
	free(connection->rest);
	connection->rest = rest;
	connection->rest_length = waiting + length;
	connection->rest_sent = 0;
	want(connection, LOOP_WRITE);
	return true;
}

/* Sends a step's reply, or puts it aside. False: the connection is gone. */
static bool deliver(struct connection *connection, const struct step *step)
{
	size_t sent = 0;
	int result = 0;
	if (!step->answers)
		return true;
	if (!connection->rest)
		result = send_some(connection, step->reply, step->length, &sent);
	if (result == 0)
		return put_aside(connection, step->reply + sent, step->length - sent);
	if (result == -1)
		finish(connection, strerror(errno));
	return result == 1;
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
		if (connection->rest_sent == before && connection->kind->records &&
		    !connection->unproven) {
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
	if (!connection->over)
		want(connection, LOOP_READ);
	else if (connection->reason)
		say_goodbye(connection, connection->reason);
	else
		finish(connection, NULL);
	return true;
}

/* It has proven itself: from here on it may take its time. */
static void on_served(struct connection *connection)
{
	struct conversation *conversation = &connection->conversation;
	if (connection->unproven) {
		connection->unproven = false;
		connection->worker->unproven--;
		timer_clear(&connection->timer);
	}
	if (!conversation->memory)
		return;
	conversation_leave_proof(conversation);
	if (!conversation_still_needs_memory(conversation)) {
		free(conversation->memory);
		conversation->memory = NULL;
	}
}

/* Its header is here: who it names takes the proxy's place. The proof has time of its own. */
static void on_introduced(struct connection *connection)
{
	char *behind = NULL;
	if (connection->peer)
		behind = peer_behind_proxy(&connection->conversation.memory->source,
					   connection->kind);
	if (behind) {
		free(connection->peer);
		connection->peer = behind;
	}
	tell_connected(connection);
	timeline_set(&connection->worker->opening, &connection->timer, clock_now());
}

/* For the log; "not JSON" is all that can be broken so far. */
static const char *explain(struct connection *connection, const struct step *step)
{
	size_t room = strlen(step->reason) + 60;
	if (!connection->peer)
		return step->reason;
	connection->explanation = malloc(room);
	if (!connection->explanation)
		return step->reason;
	snprintf(connection->explanation, room, "not JSON at offset %" PRIu64 ": %s", step->offset,
		 step->reason);
	return connection->explanation;
}

/* Does what a step says. Returns whether the connection goes on to the next one. */
static bool take_step(struct connection *connection, const struct step *step)
{
	if (step->verdict == STEP_REFUSED) {
		finish(connection, step->reason);
		return false;
	}
	if (!deliver(connection, step))
		return false;
	if (!connection->told && conversation_is_introduced(&connection->conversation))
		on_introduced(connection);
	if (conversation_is_served(&connection->conversation))
		on_served(connection);
	if (step->verdict == STEP_ON)
		return true;
	connection->over = true;
	connection->reason =
		step->verdict == STEP_BROKEN ? explain(connection, step) : step->reason;
	if (!connection->rest && step->verdict == STEP_BROKEN)
		say_goodbye(connection, connection->reason);
	else if (!connection->rest)
		finish(connection, connection->reason);
	return false;
}

static void on_end(struct connection *connection)
{
	struct step step = conversation_ended(&connection->conversation);
	take_step(connection, &step);
}

static void on_message(struct connection *connection, unsigned char *bytes, size_t length)
{
	struct worker *worker = connection->worker;
	struct step step;
	bool counted = false;
	do {
		if (conversation_is_served(&connection->conversation) && !counted) {
			counted = true;
			worker->totals.messages++;
			worker->totals.bytes += length;
			connection->bytes += length;
		}
		step = conversation_received(&connection->conversation, bytes, length);
		bytes += step.used;
		length -= step.used;
		if (!take_step(connection, &step))
			return;
	} while (length > 0);
	touch(connection);
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

/* The first words: a challenge, where a proof is asked for. */
static void begin(struct connection *connection)
{
	struct worker *worker = connection->worker;
	const struct conversation_plan *plan = &worker->server->options->plan;
	struct conversation_memory *memory = NULL;
	unsigned char nonce[PROOF_NONCE];
	bool record = connection->kind->records;
	if (conversation_needs_memory(plan, record)) {
		memory = calloc(1, sizeof(*memory));
		if (!memory ||
		    (plan->keys && random_bytes(worker->random, nonce, sizeof(nonce)) == -1)) {
			free(memory);
			finish(connection, strerror(errno));
			return;
		}
	}
	struct step step =
		conversation_begin(&connection->conversation, plan, memory, record, nonce);
	if (plan->keys && worker->unproven >= worker->unproven_most &&
	    timeline_next(&worker->opening) != NEVER)
		finish(of_timer(worker->opening.ends.next),
		       "the oldest of too many that have not proven themselves");
	if (plan->keys || plan->proxy) {
		connection->unproven = true;
		worker->unproven++;
		timeline_set(&worker->opening, &connection->timer, clock_now());
	}
	take_step(connection, &step);
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
	if (worker->server->options->observer)
		connection->peer = peer_describe(at, fd, peer, length);
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
	if (!worker->server->options->plan.proxy)
		tell_connected(connection);
	touch(connection);
	if (peer_is_allowed(worker->server->options->allowed, at, fd))
		begin(connection);
	else
		finish(connection, "its user and group are not allowed");
}

void connections_drain(struct worker *worker)
{
	struct connection *next;
	for (struct connection *each = worker->connections; each; each = next) {
		next = each->next;
		each->draining = true;
		if (each->unproven)
			finish(each, "the server ends");
		else if (!each->lingering)
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
	while ((timer = timeline_due(&worker->opening, now)))
		finish(of_timer(timer), "not ready to be served in time");
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
