#include "server/connection.h"

#include "base/clock.h"
#include "base/random.h"
#include "net/record.h"
#include "protocol/conversation.h"
#include "server/introduce.h"
#include "server/journal.h"
#include "server/late_outbox.h"
#include "server/outbox.h"
#include "server/peer.h"
#include "server/tally.h"

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
	PHASE_DEAF,     /* as long as it stays, what it sends is thrown away, on purpose; idle */
	PHASE_LINGERING /* it was told that we are done; what it still sends is thrown away */
};

/*
 * One stream or seqpacket peer. A reply is sent before anything more is received, so that one
 * buffer serves all connections of a worker; only what the peer does not take at once is put aside.
 */
struct connection {
	struct watch watch;
	struct timer timer; /* on the timeline of its phase, or looked at again */
	struct connections *all;
	struct connection *previous, *next;
	const struct endpoint *at; /* where it came in */
	const struct kind *kind;
	struct conversation conversation;
	struct outbox outbox;
	char *introduction;       /* for `--reply who`; or NULL */
	struct late_outbox *late; /* it is served wrong on purpose; or NULL */
	struct moment moment;     /* when something of that is due */
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

static struct connection *of_moment(struct moment *moment)
{
	return (struct connection *)((char *)moment - offsetof(struct connection, moment));
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
	agenda_remove(&all->late, &connection->moment);
	leave_door(connection);
	if (connection->late) {
		late_outbox_free(connection->late);
		free(connection->late);
	}
	if (connection->conversation.memory) {
		conversation_wipe(&connection->conversation);
		free(connection->conversation.memory);
	}
	close(connection->watch.fd);
	free(connection->introduction);
	unlink_from_all(connection);
	outbox_free(&connection->outbox);
	free(connection);
	atomic_fetch_sub(&all->service->counts->open, 1);
	all->departed = true;
}

static void look_again_soon(struct connection *connection)
{
	timeline_set(&connection->all->again, &connection->timer, clock_now());
}

static void want(struct connection *connection, unsigned wants)
{
	if (loop_want(connection->all->service->loop, &connection->watch, wants) == -1)
		look_again_soon(connection);
}

/* Does anything wait to be sent? */
static bool is_behind(const struct connection *connection)
{
	return !outbox_is_empty(&connection->outbox) ||
	       (connection->late && !late_outbox_is_empty(connection->late));
}

/*
 * Our side is over. close(2) with unread bytes would reset the peer, and take away what it has not
 * read yet: so the sending side is shut down, and what still comes is read until the peer ends too.
 */
static void say_goodbye(struct connection *connection, const char *reason)
{
	connection->reason = reason;
	agenda_remove(&connection->all->late, &connection->moment);
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
	bool idles = connection->phase == PHASE_SERVING || connection->phase == PHASE_ENDING ||
		     connection->phase == PHASE_DEAF;
	if (idles && all->idle.span > 0) {
		timeline_set(&all->idle, &connection->timer, clock_now());
	} else if (connection->phase == PHASE_DRAINING) {
		int64_t now = clock_now();
		timeline_set(now < all->patience ? &all->draining : &all->again, &connection->timer,
			     now);
	}
}

/* Something waits for its moment, or did: that is looked at, and more is read if there is room. */
static void attend_late(struct connection *connection)
{
	struct late_outbox *late = connection->late;
	bool reads = connection->phase != PHASE_ENDING && late_outbox_room(late) > 0;
	int64_t next = late_outbox_next(late);
	if (!outbox_is_empty(&connection->outbox)) {
		agenda_remove(&connection->all->late, &connection->moment);
		want(connection, LOOP_WRITE);
		return;
	}
	want(connection, reads ? LOOP_READ : 0);
	if (next == NEVER)
		agenda_remove(&connection->all->late, &connection->moment);
	else if (agenda_put(&connection->all->late, &connection->moment, next) == -1)
		look_again_soon(connection);
}

static void tally(const struct connection *connection, const struct misbehave_step *step)
{
	tally_step(connection->all->service, connection->journal.peer, step,
		   connection->kind->records);
}

/* A reply that is made wrong on purpose. False: the connection is gone. */
static bool deliver_late(struct connection *connection, const struct step *reply)
{
	int64_t now = clock_now();
	struct misbehave_step step;
	/* the stage may change what it is given; a reply is in our own memory */
	unsigned char *bytes = (unsigned char *)reply->reply;
	size_t done = 0;
	do {
		if (late_outbox_take(connection->late, bytes + done, reply->length - done, now,
				     &step) == -1) {
			finish(connection, strerror(ENOMEM));
			return false;
		}
		tally(connection, &step);
		done += step.used;
	} while (done < reply->length);
	attend_late(connection);
	return true;
}

/* Sends a step's reply, or puts it aside. False: the connection is gone. */
static bool deliver(struct connection *connection, const struct step *step)
{
	if (!step->answers)
		return true;
	if (connection->late && !is_unproven(connection))
		return deliver_late(connection, step);
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
	if (connection->late && (is_behind(connection) || connection->phase != PHASE_ENDING))
		attend_late(connection);
	else if (connection->phase != PHASE_ENDING)
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

/* As close(2) is with this option: a reset on TCP (SO_LINGER, POSIX), elsewhere an end. */
static void reset(struct connection *connection)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(connection->watch.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	finish(connection, "reset on purpose");
}

/* Nothing more is answered; it may stay, and send. */
static void turn_deaf(struct connection *connection)
{
	timer_clear(&connection->timer);
	agenda_remove(&connection->all->late, &connection->moment);
	enter(connection, PHASE_DEAF);
	touch(connection);
	want(connection, LOOP_READ);
}

static void half_close(struct connection *connection)
{
	shutdown(connection->watch.fd, SHUT_WR);
	turn_deaf(connection);
}

/* One that is due. False: with it the connection has ended, or our side of it. */
static bool send_late(struct connection *connection, const struct late_block *block)
{
	enum misbehave_then then = block->then;
	enum outbox_result result = OUTBOX_SENT;
	if (block->sends)
		result = outbox_send(&connection->outbox, connection->watch.fd, block->bytes,
				     block->length);
	late_outbox_pop(connection->late);
	if (result == OUTBOX_BROKEN)
		finish(connection, strerror(errno));
	else if (then == MISBEHAVE_RESET)
		reset(connection);
	else if (then == MISBEHAVE_HALF_CLOSE)
		half_close(connection);
	else if (then == MISBEHAVE_END)
		say_goodbye(connection, "ended on purpose");
	return result != OUTBOX_BROKEN && then == MISBEHAVE_ON;
}

static void on_late(struct connection *connection, int64_t now)
{
	const struct late_block *block;
	while (outbox_is_empty(&connection->outbox) &&
	       (block = late_outbox_due(connection->late, now)))
		if (!send_late(connection, block))
			return;
	go_on(connection);
}

/* It was accepted: false where that is all that is done for it. */
static bool may_begin(struct connection *connection, uint64_t number)
{
	const struct misbehave_plan *plan = &options_of(connection)->misbehave;
	unsigned faults = misbehave_plan_fitting(true, connection->kind->records);
	if (!(plan->faults & faults))
		return true;
	connection->late = malloc(sizeof(*connection->late));
	if (!connection->late) {
		finish(connection, strerror(ENOMEM));
		return false;
	}
	late_outbox_start(connection->late, plan, faults, number, connection->kind->records);
	struct misbehave_step step = misbehave_accepted(&connection->late->stage);
	if (step.then == MISBEHAVE_ON)
		return true;
	journal_connected(&connection->journal, connection->all->service, NULL, NULL);
	tally(connection, &step);
	if (step.then == MISBEHAVE_REFUSE)
		finish(connection, "refused on purpose");
	else
		turn_deaf(connection);
	return false;
}

/* It is served from now on. False: the connection is gone. */
static bool begin_late(struct connection *connection)
{
	struct misbehave_step step;
	if (!connection->late)
		return true;
	if (late_outbox_served(connection->late, clock_now(), &step) == -1) {
		finish(connection, strerror(ENOMEM));
		return false;
	}
	tally(connection, &step);
	attend_late(connection);
	return true;
}

/* Its header is here, if one was asked for: whoever that names takes the proxy's place. */
static void on_introduced(struct connection *connection)
{
	const struct conversation_memory *memory = connection->conversation.memory;
	journal_connected(&connection->journal, connection->all->service,
			  memory ? &memory->source : NULL, connection->kind);
	enter(connection, PHASE_OPENING);
}

/* Who it is, once that is known, for its replies. False: the connection is gone. */
static bool introduce(struct connection *connection)
{
	const struct service *service = connection->all->service;
	struct who *who = connection->conversation.echo.who;
	connection->introduction = introduce_connection(
		service, connection->at, connection->watch.fd, connection->conversation.memory);
	if (!connection->introduction) {
		finish(connection, strerror(ENOMEM));
		return false;
	}
	who->beginning = connection->introduction;
	who->text = service->text;
	return true;
}

/*
 * It has proven itself, or need not: from here on it may take its time. False: the connection is
 * gone.
 */
static bool on_served(struct connection *connection)
{
	struct conversation *conversation = &connection->conversation;
	if (is_unproven(connection)) {
		timer_clear(&connection->timer);
		enter(connection, PHASE_SERVING);
		touch(connection);
		if (!begin_late(connection))
			return false;
	}
	if (!conversation->memory)
		return true;
	conversation_leave_proof(conversation);
	if (conversation->echo.who && !connection->introduction && !introduce(connection))
		return false;
	if (!conversation_still_needs_memory(conversation)) {
		free(conversation->memory);
		conversation->memory = NULL;
	}
	return true;
}

/* Nothing more is received of it: what waits is sent, and then it is over. */
static void end(struct connection *connection, const struct step *step)
{
	bool broken = step->verdict == STEP_BROKEN;
	connection->reason = journal_explain(&connection->journal, step);
	enter(connection, PHASE_ENDING);
	if (connection->late && is_behind(connection)) {
		late_outbox_finish(connection->late);
		attend_late(connection);
	}
	if (is_behind(connection))
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
	if (connection->phase == PHASE_ARRIVING && conversation_is_introduced(conversation))
		on_introduced(connection);
	if (conversation_is_served(conversation) && !on_served(connection))
		return false;
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
	int64_t arrived = options_of(connection)->plan.form->who ? clock_of_day() : 0;
	do {
		if (connection->conversation.echo.who)
			connection->conversation.echo.who->time = arrived;
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

/* How much to receive at once; 0: nothing now. */
static size_t room_of(const struct connection *connection)
{
	size_t room = connection->kind->records ? SERVICE_BUFFER : STREAM_PIECE;
	if (!connection->late || is_unproven(connection) || connection->phase >= PHASE_DEAF)
		return room;
	size_t late = late_outbox_room(connection->late);
	return late > 0 && connection->kind->records ? room : late;
}

/* Returns whether there was anything. */
static bool receive(struct connection *connection)
{
	unsigned char *buffer = connection->all->service->buffer;
	size_t room = room_of(connection);
	size_t length = 0;
	const char *too_long = "a record longer than the greatest that fits";
	bool over = connection->phase >= PHASE_DEAF;
	if (room == 0)
		return false;
	enum record record =
		record_receive(connection->watch.fd, connection->kind, buffer, room, &length);
	bool gone = record == RECORD_END || record == RECORD_BROKEN;
	if (gone && !over && !conversation_has_begun(&connection->conversation))
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
		if (over)
			touch(connection);
		else
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
static void begin(struct connection *connection, struct source source, uint64_t number)
{
	struct connections *all = connection->all;
	const struct conversation_plan *plan = &options_of(connection)->plan;
	struct conversation_memory *memory = NULL;
	unsigned char nonce[PROOF_NONCE];
	uint32_t chance;
	bool record = connection->kind->records;
	if (!may_begin(connection, number))
		return;
	size_t size = conversation_memory_size(plan, record);
	if (size > 0) {
		memory = calloc(1, size);
		if (!memory ||
		    (plan->keys && (random_bytes(all->random, nonce, sizeof(nonce)) == -1 ||
				    random_bytes(all->random, &chance, sizeof(chance)) == -1))) {
			free(memory);
			finish(connection, strerror(errno));
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

int connection_start(struct connections *all, const struct endpoint *at, uint64_t number, int fd,
		     const struct sockaddr_storage *peer, socklen_t length)
{
	struct service *service = all->service;
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection) {
		close(fd);
		errno = ENOMEM;
		return -1;
	}
	connection->watch = (struct watch){ .fd = fd, .ready = on_ready };
	connection->all = all;
	connection->at = at;
	connection->kind = at->kind;
	if (loop_add(service->loop, &connection->watch, LOOP_READ) == -1) {
		int why = errno;
		close(fd);
		free(connection);
		errno = why;
		return -1;
	}
	journal_open(&connection->journal, service->options->observer, at, fd, peer, length);
	connection->place = DOOR_NONE;
	connection->next = all->first;
	if (connection->next)
		connection->next->previous = connection;
	all->first = connection;
	atomic_fetch_add(&service->counts->open, 1);
	if (peer_is_allowed(service->options->allowed, at, fd))
		begin(connection, peer_source(at, fd, peer, length), number);
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
		} else if (each->phase == PHASE_DEAF) {
			say_goodbye(each, "the server ends");
		}
	}
}

static void look_again(struct connection *connection)
{
	bool sent = !is_behind(connection);
	if (connection->late && connection->phase < PHASE_DEAF)
		attend_late(connection);
	else if (connection->watch.wants == 0)
		want(connection, sent ? LOOP_READ : LOOP_WRITE);
	bool found = on_ready(&connection->watch, 0);
	if (!found && sent && connection->phase == PHASE_DRAINING)
		say_goodbye(connection, "the server ends");
}

void connections_expire(struct connections *all, int64_t now)
{
	struct timer *timer;
	struct moment *moment;
	while ((moment = agenda_due(&all->late, now)))
		on_late(of_moment(moment), now);
	while ((timer = timeline_due(&all->again, now)) ||
	       (timer = timeline_due(&all->draining, now)))
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
