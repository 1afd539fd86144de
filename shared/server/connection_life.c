#include "server/connection_life.h"

#include "base/clock.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void leave_door(struct connection *connection)
{
	if (connection->place != DOOR_NONE)
		door_leave(&connection->all->service->counts->door, connection->place,
			   &connection->turned_out);
	connection->place = DOOR_NONE;
}

void connection_enter(struct connection *connection, enum phase phase)
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

void connection_finish(struct connection *connection, const char *reason)
{
	struct connections *all = connection->all;
	journal_close(&connection->journal, all->service, connection->bytes, reason);
	loop_remove(all->service->loop, &connection->watch);
	timer_clear(&connection->timer);
	timer_clear(&connection->again);
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

void connection_look_again_soon(struct connection *connection)
{
	timeline_set(&connection->all->again, &connection->again, clock_now());
}

void connection_want(struct connection *connection, unsigned wants)
{
	if (loop_want(connection->all->service->loop, &connection->watch, wants) == -1)
		connection_look_again_soon(connection);
}

bool connection_is_behind(const struct connection *connection)
{
	return !outbox_is_empty(&connection->outbox) ||
	       (connection->late && !late_outbox_is_empty(connection->late));
}

void connection_say_goodbye(struct connection *connection, const char *reason)
{
	connection->reason = reason;
	agenda_remove(&connection->all->late, &connection->moment);
	connection_enter(connection, PHASE_LINGERING);
	shutdown(connection->watch.fd, SHUT_WR);
	timeline_set(&connection->all->lingering, &connection->timer, clock_now());
	connection_want(connection, LOOP_READ);
}

void connection_touch(struct connection *connection)
{
	struct connections *all = connection->all;
	bool idles = connection->phase == PHASE_SERVING || connection->phase == PHASE_ENDING ||
		     connection->phase == PHASE_DEAF;
	if (idles && all->idle.span > 0) {
		timeline_set(&all->idle, &connection->timer, clock_now());
	} else if (connection->phase == PHASE_DRAINING) {
		int64_t now = clock_now();
		if (now < all->patience)
			timeline_set(&all->draining, &connection->timer, now);
		else
			connection_look_again_soon(connection);
	}
}
