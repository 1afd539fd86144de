#include "server/connection.h"

#include "base/clock.h"
#include "base/random.h"
#include "net/record.h"
#include "protocol/conversation.h"
#include "server/journal.h"
#include "server/outbox.h"
#include "server/peer.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How far a connection has come. Each phase has its timeline; only the order of these matters. */
enum phase {
	PHASE_ARRIVING, /* its PROXY header is awaited, and the observer does not know it yet */
	PHASE_OPENING,  /* it has not proven itself; both of these have one deadline */
	PHASE_SERVING,  /* it is answered; on the idle timeline */
	PHASE_DRAINING, /* the server ends: it is answered until it has been quiet for a while */
	PHASE_ENDING,   /* nothing more is received, and the rest of a reply goes out; idle */
	PHASE_LINGERING /* it was told that we are done; what it still sends is thrown away */
};

/*
 * One stream or seqpacket peer. A reply is sent before anything more is received, so that one
 * buffer serves all connections of a worker; only what the peer does not take at once is put aside.
 */
struct connection {
	struct watch watch;
	struct timer timer; /* on the timeline of its phase */
	struct timer again; /* set: it is to be looked at, for no event will come */
	struct connections *all;
	struct connection *previous, *next;
	const struct kind *kind;
	struct conversation conversation;
	struct outbox outbox;
	struct journal journal;
	int place;              /* at the door; DOOR_NONE: none */
	atomic_bool turned_out; /* it has lost that */
	uint64_t bytes;
	enum phase phase;
	const char *reason; /* why we ended it; NULL: we did not */
};

static struct connection *of_timer(struct timer *timer)
{
	return (struct connection *)((char *)timer - offsetof(struct connection, timer));
}

static struct connection *of_again(struct timer *timer)
{
	return (struct connection *)((char *)timer - offsetof(struct connection, again));
}

static const struct server_options *options_of(const struct connection *connection)
{
	return connection->all->service->options;
}

static bool is_unproven(const struct connection *connection)
{
	return connection->phase <= PHASE_OPENING;
}

static void leave_door(struct connection *connection)
{
	if (connection->place != DOOR_NONE)
		door_leave(&connection->all->service->counts->door, connection->place,
			   &connection->turned_out);
	connection->place = DOOR_NONE;
}

static void enter(struct connection *connection, enum phase phase)
{
	if (phase > PHASE_OPENING)
		leave_door(connection);
	connection->phase = phase;
}

static void unlink_from_all(struct connection *connection)
{
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		connection->all->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
}

/* REASON is NULL where the peer ended it in order. */
static void finish(struct connection *connection, const char *reason)
{
	struct connections *all = connection->all;
	journal_close(&connection->journal, all->service, connection->bytes, reason);
	loop_remove(all->service->loop, &connection->watch);
	timer_clear(&connection->timer);
	timer_clear(&connection->again);
	leave_door(connection);
	if (connection->conversation.memory) {
		conversation_wipe(&connection->conversation);
		free(connection->conversation.memory);
	}
	close(connection->watch.fd);
	unlink_from_all(connection);
	outbox_free(&connection->outbox);
	free(connection);
	atomic_fetch_sub(&all->service->counts->open, 1);
	all->departed = true;
}

static void look_again_soon(struct connection *connection)
{
	timeline_set(&connection->all->again, &connection->again, clock_now());
}

static void want(struct connection *connection, unsigned wants)
{
	if (loop_want(connection->all->service->loop, &connection->watch, wants) == -1)
		look_again_soon(connection);
}

/*
 * Our side is over. close(2) with unread bytes would reset the peer, and take away what it has not
 * read yet: so the sending side is shut down, and what still comes is read until the peer ends too.
 */
static void say_goodbye(struct connection *connection, const char *reason)
{
	connection->reason = reason;
	enter(connection, PHASE_LINGERING);
	shutdown(connection->watch.fd, SHUT_WR);
	timeline_set(&connection->all->lingering, &connection->timer, clock_now());
	want(connection, LOOP_READ);
}

/*
 * It is alive: it sent, or took what we sent. Once its patience with busy peers is over, an ending
 * server does not wait for a quiet moment, but only until nothing is here to be read.
 */
static void touch(struct connection *connection)
{
	struct connections *all = connection->all;
	bool idles = connection->phase == PHASE_SERVING || connection->phase == PHASE_ENDING;
	if (idles && all->idle.span > 0) {
		timeline_set(&all->idle, &connection->timer, clock_now());
	} else if (connection->phase == PHASE_DRAINING) {
		int64_t now = clock_now();
		if (now < all->patience)
			timeline_set(&all->draining, &connection->timer, now);
		else
			look_again_soon(connection);
	}
}

/* Sends a step's reply, or puts it aside. False: the connection is gone. */
static bool deliver(struct connection *connection, const struct step *step)
{
	if (!step->answers)
		return true;
	switch (outbox_send(&connection->outbox, connection->watch.fd, step->reply, step->length)) {
	case OUTBOX_SENT:
		break;
	case OUTBOX_WAITS:
		want(connection, LOOP_WRITE);
		break;
	case OUTBOX_BROKEN:
		finish(connection, strerror(errno));
		return false;
	}
	return true;
}

/* Everything that waited is sent. */
static void go_on(struct connection *connection)
{
	touch(connection);
	if (connection->phase != PHASE_ENDING)
		want(connection, LOOP_READ);
	else if (connection->reason)
		say_goodbye(connection, connection->reason);
	else
		finish(connection, NULL);
}

/* Room to send, perhaps. Returns whether there was. */
static bool send_rest(struct connection *connection)
{
	size_t before = connection->outbox.sent;
	switch (outbox_flush(&connection->outbox, connection->watch.fd)) {
	case OUTBOX_SENT:
		go_on(connection);
		return true;
	case OUTBOX_BROKEN:
		finish(connection, strerror(errno));
		return true;
	case OUTBOX_WAITS:
		break;
	}
	if (connection->outbox.sent > before) {
		touch(connection);
		return true;
	}
	/*
	 * A unix socket counts as writable long before a large record fits: then there is nothing
	 * to wait for but time.
	 */
	if (connection->kind->records && !is_unproven(connection)) {
		want(connection, 0);
		look_again_soon(connection);
	}
	return false;
}

/*
 * Its header is here, if one was asked for: whoever that names takes the proxy's place. False: the
 * connection is gone.
 */
static bool on_introduced(struct connection *connection)
{
	const struct conversation_memory *memory = connection->conversation.memory;
	if (journal_connected(&connection->journal, connection->all->service,
			      memory ? &memory->source : NULL, connection->kind) == -1) {
		finish(connection, strerror(errno));
		return false;
	}
	struct source source;
	if (connection->place != DOOR_NONE && memory &&
	    peer_source_behind_proxy(&memory->source, connection->kind, connection->watch.fd,
				     &source))
		door_rename(&connection->all->service->counts->door, connection->place, &source,
			    &connection->turned_out);
	enter(connection, PHASE_OPENING);
	return true;
}

/* It has proven itself, or need not: from here on it may take its time. */
static void on_served(struct connection *connection)
{
	struct conversation *conversation = &connection->conversation;
	if (is_unproven(connection)) {
		timer_clear(&connection->timer);
		enter(connection, PHASE_SERVING);
		touch(connection);
	}
	if (!conversation->memory)
		return;
	conversation_leave_proof(conversation);
	if (!conversation_still_needs_memory(conversation)) {
		free(conversation->memory);
		conversation->memory = NULL;
	}
}

/* Nothing more is received of it: what waits is sent, and then it is over. */
static void end(struct connection *connection, const struct step *step)
{
	bool broken = step->verdict == STEP_BROKEN;
	connection->reason = journal_explain(&connection->journal, step);
	enter(connection, PHASE_ENDING);
	if (!outbox_is_empty(&connection->outbox))
		return;
	(broken ? say_goodbye : finish)(connection, connection->reason);
}

/* Does what a step says. Returns whether the connection goes on to the next one. */
static bool take_step(struct connection *connection, const struct step *step)
{
	const struct conversation *conversation = &connection->conversation;
	if (step->verdict == STEP_REFUSED) {
		finish(connection, step->reason);
		return false;
	}
	if (!deliver(connection, step))
		return false;
	if (connection->phase == PHASE_ARRIVING && conversation_is_introduced(conversation) &&
	    !on_introduced(connection))
		return false;
	if (conversation_is_served(conversation))
		on_served(connection);
	if (step->verdict == STEP_ON)
		return true;
	end(connection, step);
	return false;
}

static void on_end(struct connection *connection)
{
	struct step step = conversation_ended(&connection->conversation);
	take_step(connection, &step);
}

static void on_message(struct connection *connection, unsigned char *bytes, size_t length)
{
	struct server_totals *totals = &connection->all->service->totals;
	bool counted = false;
	do {
		if (conversation_is_served(&connection->conversation) && !counted) {
			counted = true;
			totals->messages++;
			totals->bytes += length;
			connection->bytes += length;
		}
		struct step step = conversation_received(&connection->conversation, bytes, length);
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
	unsigned char *buffer = connection->all->service->buffer;
	size_t room = connection->kind->records ? SERVICE_BUFFER : STREAM_PIECE;
	size_t length = 0;
	const char *too_long = "a record longer than the greatest that fits";
	bool over = connection->phase == PHASE_LINGERING;
	enum record record =
		record_receive(connection->watch.fd, connection->kind, buffer, room, &length);
	bool gone = record == RECORD_END || record == RECORD_BROKEN;
	if (gone && !conversation_has_begun(&connection->conversation))
		journal_no_event(&connection->journal);
	switch (record) {
	case RECORD_NONE:
		return false;
	case RECORD_BROKEN:
	case RECORD_TOO_LONG:
		finish(connection, record == RECORD_BROKEN ? strerror(errno) : too_long);
		break;
	case RECORD_END:
		if (over)
			finish(connection, connection->reason);
		else
			on_end(connection);
		break;
	case RECORD_MESSAGE:
		if (!over)
			on_message(connection, buffer, length);
		break;
	}
	return true;
}

static bool on_ready(struct watch *watch, unsigned events)
{
	struct connection *connection = (struct connection *)watch; /* its first member */
	(void)events;
	if (connection->place != DOOR_NONE && atomic_load(&connection->turned_out)) {
		finish(connection, "one of too many that have not proven themselves");
		return true;
	}
	return outbox_is_empty(&connection->outbox) ? receive(connection) : send_rest(connection);
}

/* The first words: a challenge, where a proof is asked for. */
static void begin(struct connection *connection, struct source source)
{
	struct connections *all = connection->all;
	const struct conversation_plan *plan = &options_of(connection)->plan;
	struct conversation_memory *memory = NULL;
	unsigned char nonce[PROOF_NONCE];
	uint32_t chance;
	bool record = connection->kind->records;
	if (conversation_needs_memory(plan, record)) {
		memory = calloc(1, sizeof(*memory));
		if (!memory ||
		    (plan->keys && (random_bytes(all->random, nonce, sizeof(nonce)) == -1 ||
				    random_bytes(all->random, &chance, sizeof(chance)) == -1))) {
			finish(connection, strerror(errno));
			free(memory);
			return;
		}
	}
	if (plan->keys)
		connection->place =
			door_enter(&all->service->counts->door, &source, connection->watch.fd,
				   &connection->turned_out, chance);
	struct step step =
		conversation_begin(&connection->conversation, plan, memory, record, nonce);
	/* one deadline, whatever it has to show until it is served */
	if (take_step(connection, &step) && is_unproven(connection))
		timeline_set(&all->opening, &connection->timer, clock_now());
}

/* There is no memory for it, or no room in the loop. */
static int refuse(struct service *service, const struct endpoint *at, int fd,
		  const struct sockaddr_storage *peer, socklen_t length, int number)
{
	journal_refused(service, at, fd, peer, length, strerror(number));
	close(fd);
	errno = number;
	return -1;
}

int connection_start(struct connections *all, const struct endpoint *at, int fd,
		     const struct sockaddr_storage *peer, socklen_t length)
{
	struct service *service = all->service;
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection)
		return refuse(service, at, fd, peer, length, errno);
	connection->watch = (struct watch){ .fd = fd, .ready = on_ready };
	connection->all = all;
	connection->kind = at->kind;
	if (journal_open(&connection->journal, service, at, fd, peer, length) == -1 ||
	    loop_add(service->loop, &connection->watch, LOOP_READ) == -1) {
		int number = errno;
		journal_free(&connection->journal);
		free(connection);
		return refuse(service, at, fd, peer, length, number);
	}
	connection->place = DOOR_NONE;
	connection->next = all->first;
	if (connection->next)
		connection->next->previous = connection;
	all->first = connection;
	atomic_fetch_add(&service->counts->open, 1);
	if (peer_is_allowed(service->options->allowed, at, fd))
		begin(connection, peer_source(at, fd, peer, length));
	else
		finish(connection, "its user and group are not allowed");
	return 0;
}

void connections_end(struct connections *all)
{
	struct connection *next;
	connections_set_patience(all);
	for (struct connection *each = all->first; each; each = next) {
		next = each->next;
		if (is_unproven(each)) {
			finish(each, "the server ends");
		} else if (each->phase == PHASE_SERVING) {
			enter(each, PHASE_DRAINING);
			touch(each);
		}
	}
}

static void look_again(struct connection *connection)
{
	bool sent = outbox_is_empty(&connection->outbox);
	want(connection, sent ? LOOP_READ : LOOP_WRITE);
	bool found = on_ready(&connection->watch, 0);
	if (!found && sent && connection->phase == PHASE_DRAINING)
		say_goodbye(connection, "the server ends");
}

void connections_expire(struct connections *all, int64_t now)
{
	struct timer *timer;
	while ((timer = timeline_due(&all->again, now)))
		look_again(of_again(timer));
	while ((timer = timeline_due(&all->draining, now)))
		look_again(of_timer(timer));
	while ((timer = timeline_due(&all->opening, now)))
		finish(of_timer(timer), "not ready to be served in time");
	while ((timer = timeline_due(&all->lingering, now)))
		finish(of_timer(timer), of_timer(timer)->reason);
	while ((timer = timeline_due(&all->idle, now))) {
		struct connection *connection = of_timer(timer);
		if (outbox_is_empty(&connection->outbox))
			say_goodbye(connection, "idle");
		else
			finish(connection, "idle: it does not read");
	}
}

void connections_abandon(struct connections *all)
{
	while (all->first)
		finish(all->first, "the server ends");
}
