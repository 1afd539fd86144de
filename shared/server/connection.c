#include "server/connection.h"

#include "base/clock.h"
#include "base/random.h"
#include "net/record.h"
#include "server/connection_late.h"
#include "server/connection_life.h"
#include "server/introduce.h"
#include "server/peer.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct connection *of_timer(struct timer *timer)
{
	return (struct connection *)((char *)timer - offsetof(struct connection, timer));
}

static struct connection *of_again(struct timer *timer)
{
	return (struct connection *)((char *)timer - offsetof(struct connection, again));
}

static struct connection *of_moment(struct moment *moment)
{
	return (struct connection *)((char *)moment - offsetof(struct connection, moment));
}

/* Sends a step's reply, or puts it aside. False: the connection is gone. */
static bool deliver(struct connection *connection, const struct step *step)
{
	if (!step->answers)
		return true;
	if (connection->late && !connection_is_unproven(connection))
		return connection_late_take(connection, step);
	switch (outbox_send(&connection->outbox, connection->watch.fd, step->reply, step->length)) {
	case OUTBOX_SENT:
		break;
	case OUTBOX_WAITS:
		connection_want(connection, LOOP_WRITE);
		break;
	case OUTBOX_BROKEN:
		connection_finish(connection, strerror(errno));
		return false;
	}
	return true;
}

/* Everything that waited is sent. */
static void go_on(struct connection *connection)
{
	connection_touch(connection);
	if (connection->late &&
	    (connection_is_behind(connection) || connection->phase != PHASE_ENDING))
		connection_late_attend(connection);
	else if (connection->phase != PHASE_ENDING)
		connection_want(connection, LOOP_READ);
	else if (connection->reason)
		connection_say_goodbye(connection, connection->reason);
	else
		connection_finish(connection, NULL);
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
		connection_finish(connection, strerror(errno));
		return true;
	case OUTBOX_WAITS:
		break;
	}
	if (connection->outbox.sent > before) {
		connection_touch(connection);
		return true;
	}
	/*
	 * A unix socket counts as writable long before a large record fits: then there is nothing
	 * to wait for but time.
	 */
	if (connection->kind->records && !connection_is_unproven(connection)) {
		connection_want(connection, 0);
		connection_look_again_soon(connection);
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
		connection_finish(connection, strerror(errno));
		return false;
	}
	struct source source;
	if (connection->place != DOOR_NONE && memory &&
	    peer_source_behind_proxy(&memory->source, connection->kind, connection->watch.fd,
				     &source))
		door_rename(&connection->all->service->counts->door, connection->place, &source,
			    &connection->turned_out);
	connection_enter(connection, PHASE_OPENING);
	return true;
}

/* Who it is, once that is known, for its replies. False: the connection is gone. */
static bool introduce(struct connection *connection)
{
	const struct service *service = connection->all->service;
	struct who *who = connection->conversation.echo.who;
	connection->introduction = introduce_connection(
		service, connection->at, connection->watch.fd, connection->conversation.memory);
	if (!connection->introduction) {
		connection_finish(connection, strerror(ENOMEM));
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
	if (connection_is_unproven(connection)) {
		timer_clear(&connection->timer);
		connection_enter(connection, PHASE_SERVING);
		connection_touch(connection);
		if (!connection_late_serve(connection))
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
	connection_enter(connection, PHASE_ENDING);
	if (connection->late && connection_is_behind(connection)) {
		late_outbox_finish(connection->late);
		connection_late_attend(connection);
	}
	if (connection_is_behind(connection))
		return;
	(broken ? connection_say_goodbye : connection_finish)(connection, connection->reason);
}

/* Does what a step says. Returns whether the connection goes on to the next one. */
static bool take_step(struct connection *connection, const struct step *step)
{
	const struct conversation *conversation = &connection->conversation;
	if (step->verdict == STEP_REFUSED) {
		connection_finish(connection, step->reason);
		return false;
	}
	if (!deliver(connection, step))
		return false;
	if (connection->phase == PHASE_ARRIVING && conversation_is_introduced(conversation) &&
	    !on_introduced(connection))
		return false;
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
	int64_t arrived = connection_options(connection)->plan.form->who ? clock_of_day() : 0;
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
	connection_touch(connection);
}

/* How much to receive at once; 0: nothing now. */
static size_t room_of(const struct connection *connection)
{
	size_t room = connection->kind->records ? SERVICE_BUFFER : STREAM_PIECE;
	if (!connection->late || connection_is_unproven(connection) ||
	    connection->phase >= PHASE_DEAF)
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
		connection_finish(connection, record == RECORD_BROKEN ? strerror(errno) : too_long);
		break;
	case RECORD_END:
		if (over)
			connection_finish(connection, connection->reason);
		else
			on_end(connection);
		break;
	case RECORD_MESSAGE:
		if (over)
			connection_touch(connection);
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
		connection_finish(connection, "one of too many that have not proven themselves");
		return true;
	}
	return outbox_is_empty(&connection->outbox) ? receive(connection) : send_rest(connection);
}

/* The first words: a challenge, where a proof is asked for. */
static void begin(struct connection *connection, struct source source, uint64_t number)
{
	struct connections *all = connection->all;
	const struct conversation_plan *plan = &connection_options(connection)->plan;
	struct conversation_memory *memory = NULL;
	unsigned char nonce[PROOF_NONCE];
	uint32_t chance;
	bool record = connection->kind->records;
	if (!connection_late_begin(connection, number))
		return;
	size_t size = conversation_memory_size(plan, record);
	if (size > 0) {
		memory = calloc(1, size);
		if (!memory ||
		    (plan->keys && (random_bytes(all->random, nonce, sizeof(nonce)) == -1 ||
				    random_bytes(all->random, &chance, sizeof(chance)) == -1))) {
			connection_finish(connection, strerror(errno));
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
	if (take_step(connection, &step) && connection_is_unproven(connection))
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

int connection_start(struct connections *all, const struct endpoint *at, uint64_t number, int fd,
		     const struct sockaddr_storage *peer, socklen_t length)
{
	struct service *service = all->service;
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection)
		return refuse(service, at, fd, peer, length, errno);
	connection->watch = (struct watch){ .fd = fd, .ready = on_ready };
	connection->all = all;
	connection->at = at;
	connection->kind = at->kind;
	if (journal_open(&connection->journal, service, at, fd, peer, length) == -1 ||
	    loop_add(service->loop, &connection->watch, LOOP_READ) == -1) {
		int why = errno;
		journal_free(&connection->journal);
		free(connection);
		return refuse(service, at, fd, peer, length, why);
	}
	connection->place = DOOR_NONE;
	connection->next = all->first;
	if (connection->next)
		connection->next->previous = connection;
	all->first = connection;
	atomic_fetch_add(&service->counts->open, 1);
	if (peer_is_allowed(service->options->allowed, at, fd))
		begin(connection, peer_source(at, fd, peer, length), number);
	else
		connection_finish(connection, "its user and group are not allowed");
	return 0;
}

void connections_end(struct connections *all)
{
	struct connection *next;
	connections_set_patience(all);
	for (struct connection *each = all->first; each; each = next) {
		next = each->next;
		if (connection_is_unproven(each)) {
			connection_finish(each, "the server ends");
		} else if (each->phase == PHASE_SERVING) {
			connection_enter(each, PHASE_DRAINING);
			connection_touch(each);
		} else if (each->phase == PHASE_DEAF) {
			connection_say_goodbye(each, "the server ends");
		}
	}
}

static void look_again(struct connection *connection)
{
	bool sent = !connection_is_behind(connection);
	if (connection->late && connection->phase < PHASE_DEAF)
		connection_late_attend(connection);
	else
		connection_want(connection, sent ? LOOP_READ : LOOP_WRITE);
	bool found = on_ready(&connection->watch, 0);
	if (!found && sent && connection->phase == PHASE_DRAINING)
		connection_say_goodbye(connection, "the server ends");
}

void connections_expire(struct connections *all, int64_t now)
{
	struct timer *timer;
	struct moment *moment;
	while ((moment = agenda_due(&all->late, now)))
		if (connection_late_send(of_moment(moment), now))
			go_on(of_moment(moment));
	while ((timer = timeline_due(&all->again, now)))
		look_again(of_again(timer));
	while ((timer = timeline_due(&all->draining, now)))
		look_again(of_timer(timer));
	while ((timer = timeline_due(&all->opening, now)))
		connection_finish(of_timer(timer), "not ready to be served in time");
	while ((timer = timeline_due(&all->lingering, now)))
		connection_finish(of_timer(timer), of_timer(timer)->reason);
	while ((timer = timeline_due(&all->idle, now))) {
		struct connection *connection = of_timer(timer);
		if (outbox_is_empty(&connection->outbox))
			connection_say_goodbye(connection, "idle");
		else
			connection_finish(connection, "idle: it does not read");
	}
}

void connections_abandon(struct connections *all)
{
	while (all->first)
		connection_finish(all->first, "the server ends");
}
