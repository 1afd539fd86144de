#include "server/late_replies.h"

#include "base/agenda.h"
#include "server/callers.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No more is kept than this, whatever the plan's delay. */
#define MOST_REPLIES 65536
#define MOST_BYTES (64u << 20)

struct late_reply {
	struct moment moment;
	struct late_replies *late;
	struct caller *caller; /* that it is held for; NULL: it is not held */
	unsigned copies;
	struct datagram item;
	unsigned char bytes[];
};

struct late_replies {
	const struct misbehave_plan *plan;
	unsigned faults;
	struct listener *listener;
	struct callers *callers;
	struct agenda agenda;
	size_t count, bytes;
};

static struct late_reply *of_moment(struct moment *moment)
{
	return (struct late_reply *)((char *)moment - offsetof(struct late_reply, moment));
}

struct late_replies *late_replies_new(const struct misbehave_plan *plan, unsigned faults,
				      struct listener *listener)
{
	struct late_replies *late = calloc(1, sizeof(*late));
	if (!late)
		return NULL;
	late->plan = plan;
	late->faults = faults;
	late->listener = listener;
	late->callers = callers_new();
	if (late->callers)
		return late;
	free(late);
	return NULL;
}

static void forget(struct late_reply *reply)
{
	reply->late->count--;
	reply->late->bytes -= reply->item.vector.iov_len;
	if (reply->item.hold != -1)
		close(reply->item.hold);
	free(reply);
}

void late_replies_free(struct late_replies *late)
{
	struct moment *moment;
	if (!late)
		return;
	while ((moment = agenda_due(&late->agenda, NEVER)))
		forget(of_moment(moment));
	agenda_free(&late->agenda);
	callers_free(late->callers);
	free(late);
}

/* It need not be overtaken any more, and is due at AT, after all that was put before. */
static void let_go(struct caller *caller, int64_t at)
{
	struct late_reply *held = caller->held;
	if (!held)
		return;
	caller->held = NULL;
	held->caller = NULL;
	/* it is in the agenda already: that needs no memory */
	agenda_put(&held->late->agenda, &held->moment, at);
}

/* The peer that this goes to, whether known or new; NULL: no memory. */
static struct caller *caller_of(struct late_replies *late, const struct msghdr *header, int64_t now)
{
	struct caller *caller = callers_find(late->callers, header->msg_name, header->msg_namelen);
	if (caller)
		return caller;
	struct caller *oldest = callers_oldest(late->callers);
	if (oldest)
		let_go(oldest, now);
	caller = callers_add(late->callers, header->msg_name, header->msg_namelen);
	if (caller)
		misbehave_start(&caller->stage, late->plan, late->faults,
				atomic_fetch_add(&late->listener->taken, 1) + 1);
	return caller;
}

/* The same with headers of its own, which point into itself. */
static struct late_reply *copy(struct late_replies *late, const struct datagram *from,
			       const struct misbehave_step *step)
{
	struct late_reply *reply = malloc(sizeof(*reply) + step->length);
	if (!reply)
		return NULL;
	*reply = (struct late_reply){ .late = late, .copies = step->copies, .item = *from };
	struct datagram *item = &reply->item;
	memcpy(reply->bytes, from->vector.iov_base, step->length);
	item->vector = (struct iovec){ .iov_base = reply->bytes, .iov_len = step->length };
	item->header.msg_name = &item->peer;
	item->header.msg_iov = &item->vector;
	if (item->header.msg_control)
		item->header.msg_control = item->control;
	return reply;
}

/* What the step wants sent is kept until then. */
static const char *keep(struct late_replies *late, struct caller *caller, struct datagram *item,
			const struct misbehave_step *step, int64_t now)
{
	if (late->count == MOST_REPLIES || late->bytes + step->length > MOST_BYTES)
		return "too many replies are late already";
	struct late_reply *reply = copy(late, item, step);
	int64_t at = step->hold ? now + MISBEHAVE_HOLD : step->at;
	if (!reply || agenda_put(&late->agenda, &reply->moment, at) == -1) {
		free(reply);
		return "no memory";
	}
	item->hold = -1; /* the copy has it */
	late->count++;
	late->bytes += step->length;
	if (step->hold) {
		caller->held = reply;
		reply->caller = caller;
	}
	return NULL;
}

const char *late_replies_take(struct late_replies *late, struct datagram *item, int64_t now,
			      struct misbehave_step *step)
{
	struct caller *caller = caller_of(late, &item->header, now);
	const char *why = NULL;
	*step = (struct misbehave_step){ 0 };
	if (!caller)
		return "no memory";
	*step = misbehave_record(&caller->stage, item->vector.iov_base, item->vector.iov_len, now);
	if (step->copies > 0)
		why = keep(late, caller, item, step, now);
	if (step->release)
		let_go(caller, step->at);
	return why;
}

struct datagram *late_replies_due(struct late_replies *late, int64_t now, unsigned *copies)
{
	struct moment *moment = agenda_due(&late->agenda, now);
	if (!moment)
		return NULL;
	struct late_reply *reply = of_moment(moment);
	if (reply->caller) {
		misbehave_release(&reply->caller->stage);
		reply->caller->held = NULL;
	}
	*copies = reply->copies;
	return &reply->item;
}

void late_replies_done(struct datagram *item)
{
	forget((struct late_reply *)((char *)item - offsetof(struct late_reply, item)));
}

int64_t late_replies_next(const struct late_replies *late)
{
	return agenda_next(&late->agenda);
}
