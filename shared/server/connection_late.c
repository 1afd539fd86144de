#include "server/connection_late.h"

#include "base/clock.h"
#include "server/tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void connection_late_attend(struct connection *connection)
{
	struct late_outbox *late = connection->late;
	bool reads = connection->phase != PHASE_ENDING && late_outbox_room(late) > 0;
	int64_t next = late_outbox_next(late);
	if (!outbox_is_empty(&connection->outbox)) {
		agenda_remove(&connection->all->late, &connection->moment);
		connection_want(connection, LOOP_WRITE);
		return;
	}
	connection_want(connection, reads ? LOOP_READ : 0);
	if (next == NEVER)
		agenda_remove(&connection->all->late, &connection->moment);
	else if (agenda_put(&connection->all->late, &connection->moment, next) == -1)
		connection_look_again_soon(connection);
}

static void tally(const struct connection *connection, const struct misbehave_step *step)
{
	tally_step(connection->all->service, connection->journal.peer, step,
		   connection->kind->records);
}

bool connection_late_take(struct connection *connection, const struct step *reply)
{
	int64_t now = clock_now();
	struct misbehave_step step;
	/* the stage may change what it is given; a reply is in our own memory */
	unsigned char *bytes = (unsigned char *)reply->reply;
	size_t done = 0;
	do {
		if (late_outbox_take(connection->late, bytes + done, reply->length - done, now,
				     &step) == -1) {
			connection_finish(connection, strerror(ENOMEM));
			return false;
		}
		tally(connection, &step);
		done += step.used;
	} while (done < reply->length);
	connection_late_attend(connection);
	return true;
}

/* As close(2) is with this option: a reset on TCP (SO_LINGER, POSIX), elsewhere an end. */
static void reset(struct connection *connection)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(connection->watch.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	connection_finish(connection, "reset on purpose");
}

/* Nothing more is answered; it may stay, and send. */
static void turn_deaf(struct connection *connection)
{
	timer_clear(&connection->timer);
	agenda_remove(&connection->all->late, &connection->moment);
	connection_enter(connection, PHASE_DEAF);
	connection_touch(connection);
	connection_want(connection, LOOP_READ);
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
		connection_finish(connection, strerror(errno));
	else if (then == MISBEHAVE_RESET)
		reset(connection);
	else if (then == MISBEHAVE_HALF_CLOSE)
		half_close(connection);
	else if (then == MISBEHAVE_END)
		connection_say_goodbye(connection, "ended on purpose");
	return result != OUTBOX_BROKEN && then == MISBEHAVE_ON;
}

bool connection_late_send(struct connection *connection, int64_t now)
{
	const struct late_block *block;
	while (outbox_is_empty(&connection->outbox) &&
	       (block = late_outbox_due(connection->late, now)))
		if (!send_late(connection, block))
			return false;
	return true;
}

bool connection_late_begin(struct connection *connection, uint64_t number)
{
	const struct misbehave_plan *plan = &connection_options(connection)->misbehave;
	unsigned faults = misbehave_plan_fitting(true, connection->kind->records);
	if (!(plan->faults & faults))
		return true;
	connection->late = malloc(sizeof(*connection->late));
	if (!connection->late) {
		connection_finish(connection, strerror(ENOMEM));
		return false;
	}
	late_outbox_start(connection->late, plan, faults, number, connection->kind->records);
	struct misbehave_step step = misbehave_accepted(&connection->late->stage);
	if (step.then == MISBEHAVE_ON)
		return true;
	journal_connected(&connection->journal, connection->all->service, NULL, NULL);
	tally(connection, &step);
	if (step.then == MISBEHAVE_REFUSE)
		connection_finish(connection, "refused on purpose");
	else
		turn_deaf(connection);
	return false;
}

bool connection_late_serve(struct connection *connection)
{
	struct misbehave_step step;
	if (!connection->late)
		return true;
	if (late_outbox_served(connection->late, clock_now(), &step) == -1) {
		connection_finish(connection, strerror(ENOMEM));
		return false;
	}
	tally(connection, &step);
	connection_late_attend(connection);
	return true;
}
