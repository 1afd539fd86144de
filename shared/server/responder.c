#include "server/responder.h"

#include "base/clock.h"
#include "net/batch.h"
#include "server/introduce.h"
#include "server/late_replies.h"
#include "server/postponed.h"
#include "server/tally.h"
#include "server/unread.h"
#include "net/record.h"
#include "protocol/echo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long nothing must have come, where it is to stop, for its peers to have left. */
#define QUIET NSEC_PER_SEC

/* A datagram listener: what comes in is answered to where it came from, a few at a time. */
struct responder {
	struct watch watch;
	struct service *service;
	struct listener *listener;
	struct echo echo;
	struct who who;
	struct postponed *postponed;
	struct unread *unread;
	struct late_replies *late; /* it serves wrong on purpose; or NULL */
	int64_t quiet;      /* it stops then, unless something comes; NEVER: it need not stop */
	bool stopped, left; /* it receives no more; it is done with its listener */
	bool deaf;          /* it cannot receive, and that was told */
	int burst;          /* how many to ask for next time: as many as came, or twice that */
	unsigned singles;   /* how often in a row one was asked for and came */
	struct datagram items[BATCH_MOST];
};

/* After so many datagrams that came alone, more are asked for again. */
#define SINGLES 16

/* How the peer is called. */
static const char *name_of(const struct responder *responder, const struct msghdr *header,
			   char *text)
{
	struct endpoint peer;
	if (endpoint_from_address(header->msg_name, header->msg_namelen,
				  responder->listener->endpoint.family, kind_dgram, &peer) == -1)
		peer = responder->listener->endpoint;
	return endpoint_format(&peer, text);
}

static void drop(struct responder *responder, const struct msghdr *header, const char *why)
{
	const struct server_observer *observer = responder->service->options->observer;
	char text[ENDPOINT_TEXT];
	if (!observer)
		return;
	/* a sender without an address is told of once: it has no name to be known again by */
	if (header->msg_namelen <= sizeof(sa_family_t) &&
	    atomic_exchange(&responder->service->counts->told, true))
		return;
	observer->dropped(name_of(responder, header, text), why);
}

/* Of messages; a reply is as long as its message, but where it tells who asks. */
static void count_bytes(struct responder *responder, size_t length, bool reply)
{
	if (reply != (responder->echo.who != NULL))
		responder->service->totals.bytes += length;
}

/* A reply was sent. Of those that are wrong on purpose messages count, not what became of them. */
static void count(struct responder *responder, const struct msghdr *header)
{
	size_t length = header->msg_iov[0].iov_len;
	if (!responder->late) {
		responder->service->totals.messages++;
		count_bytes(responder, length, true);
	}
	if (responder->unread)
		unread_sent(responder->unread, header->msg_name, header->msg_namelen, length);
}

static bool may_send(void *context, const struct msghdr *header)
{
	struct responder *responder = context;
	return !responder->unread ||
	       unread_may_send(responder->unread, header->msg_name, header->msg_namelen,
			       header->msg_iov[0].iov_len);
}

static void on_sent(void *context, const struct msghdr *header)
{
	count(context, header);
}

static void on_lost(void *context, const struct msghdr *header, const char *why)
{
	drop(context, header, why);
}

static const struct postponed_calls postponed_calls = { may_send, on_sent, on_lost };

static void let_go(struct datagram *item)
{
	if (item->hold != -1)
		close(item->hold);
	item->hold = -1;
}

/* Who asked, for the reply, which takes the message's place in the buffer. */
static void introduce(struct responder *responder, struct datagram *item)
{
	_Static_assert(SERVICE_BUFFER / BATCH_MOST >= WHO_ROOM, "a burst of replies has room");
	struct who *who = &responder->who;
	introduce_datagram(responder->service, &responder->listener->endpoint, &item->header,
			   responder->service->text);
	count_bytes(responder, item->vector.iov_len, false);
	who->beginning = responder->service->text;
	who->text = item->vector.iov_base;
	who->number = atomic_fetch_add(&responder->listener->asked, 1);
	who->time = clock_of_day();
}

/* Makes the reply of it, in place; false: there is none. */
static bool answer(struct responder *responder, struct datagram *item)
{
	const struct family *family = responder->listener->endpoint.family;
	struct msghdr *header = &item->header;
	record_drop_descriptors(header);
	if (header->msg_flags & MSG_TRUNC) {
		drop(responder, header, "a message longer than the greatest that fits");
		return false;
	}
	if (responder->echo.who)
		introduce(responder, item);
	struct step step =
		echo_received(&responder->echo, item->vector.iov_base, item->vector.iov_len);
	if (!step.answers) {
		drop(responder, header, step.reason);
		return false;
	}
	/* wherever the reply stands, it is not in the way of another one of this burst */
	item->vector = (struct iovec){ .iov_base = (void *)step.reply, .iov_len = step.length };
	const char *why =
		family_answer(family, header, &responder->service->options->answers, &item->hold);
	if (why)
		drop(responder, header, why);
	return !why;
}

static void postpone(struct responder *responder, struct datagram *item)
{
	const char *why = postponed_add(responder->postponed, item, clock_now());
	if (why)
		drop(responder, &item->header, why);
}

static void send_one(struct responder *responder, struct datagram *item)
{
	int fd = responder->watch.fd;
	if ((postponed_any(responder->postponed) && postponed_has(responder->postponed, item)) ||
	    !may_send(responder, &item->header)) {
		postpone(responder, item);
		return;
	}
	while (batch_send(fd, item, 1) == -1) {
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			postpone(responder, item);
		else if (errno == EINTR)
			continue;
		else
			drop(responder, &item->header, strerror(errno));
		return;
	}
	count(responder, &item->header);
}

/* In one call if all goes well; what that could not send, one by one. */
static void send_all(struct responder *responder, int number)
{
	int sent = 0;
	if (number > 1 && !postponed_any(responder->postponed))
		sent = batch_send(responder->watch.fd, responder->items, number);
	if (sent == -1)
		sent = 0;
	for (int i = 0; i < sent; i++)
		count(responder, &responder->items[i].header);
	for (int i = sent; i < number; i++)
		send_one(responder, &responder->items[i]);
	for (int i = 0; i < number; i++)
		let_go(&responder->items[i]);
}

/* Receiving fails, so nobody knows what was lost, or whose it was: told once until it works again. */
static void turn_deaf(struct responder *responder, const char *why)
{
	const struct server_observer *observer = responder->service->options->observer;
	char text[ENDPOINT_TEXT];
	if (observer && !responder->deaf)
		observer->dropped(endpoint_format(&responder->listener->endpoint, text), why);
	responder->deaf = true;
}

static void take_late(struct responder *responder, struct datagram *item, int64_t now)
{
	struct service *service = responder->service;
	char text[ENDPOINT_TEXT];
	struct misbehave_step step;
	service->totals.messages++;
	count_bytes(responder, item->vector.iov_len, true);
	const char *why = late_replies_take(responder->late, item, now, &step);
	if (step.faults)
		tally_step(service,
			   service->options->observer ? name_of(responder, &item->header, text)
						      : NULL,
			   &step, true);
	if (why)
		drop(responder, &item->header, why);
	let_go(item);
}

static void send_late(struct responder *responder, int64_t now)
{
	struct datagram *item;
	unsigned copies;
	while ((item = late_replies_due(responder->late, now, &copies))) {
		for (; copies > 0; copies--)
			send_one(responder, item);
		late_replies_done(item);
	}
}

/* Returns how many; -1: none. */
static int receive(struct responder *responder, int most)
{
	const struct family *family = responder->listener->endpoint.family;
	size_t room = SERVICE_BUFFER / (size_t)batch_of(family);
	for (int i = 0; i < most; i++)
		datagram_reset(&responder->items[i], responder->service->buffer + (size_t)i * room,
			       room, family->control);
	int received = batch_receive(responder->watch.fd, responder->items, most);
	if (received != -1)
		responder->deaf = false;
	else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		turn_deaf(responder, strerror(errno));
	if (received > 0 && responder->quiet != NEVER)
		responder->quiet = clock_now() + QUIET;
	return received;
}

/*
 * One by one, where several in one call would cost more. To ask for more than there is costs a call
 * as well, so where one came and no more it is done only now and then.
 */
static bool serve_in_turn(struct responder *responder)
{
	int served = 0;
	for (; served < responder->burst; served++) {
		if (receive(responder, 1) != 1)
			break;
		if (answer(responder, &responder->items[0])) {
			if (responder->late)
				take_late(responder, &responder->items[0], clock_now());
			else
				send_one(responder, &responder->items[0]);
		}
		let_go(&responder->items[0]);
	}
	if (responder->burst == 1 && ++responder->singles < SINGLES)
		return served > 0;
	responder->singles = 0;
	if (served < responder->burst)
		responder->burst = served > 0 ? served : 1;
	else if (served * 2 <= BATCH_MOST)
		responder->burst = served * 2;
	return served > 0;
}

/* As many as came, in one system call. */
static bool serve_burst(struct responder *responder)
{
	int most = batch_of(responder->listener->endpoint.family);
	int received = receive(responder, responder->burst);
	if (received == -1)
		return false;
	int answers = 0;
	int64_t now = responder->late ? clock_now() : 0;
	for (int i = 0; i < received; i++) {
		if (!answer(responder, &responder->items[i]))
			continue;
		if (responder->late) {
			take_late(responder, &responder->items[i], now);
			continue;
		}
		if (answers != i) { /* the headers point into the items: they change places whole */
			struct datagram *from = &responder->items[i],
					*to = &responder->items[answers];
			*to = *from;
			to->header.msg_name = &to->peer;
			to->header.msg_iov = &to->vector;
			if (to->header.msg_control)
				to->header.msg_control = to->control;
		}
		answers++;
	}
	send_all(responder, answers);
	if (received < responder->burst)
		responder->burst = received;
	else if (received * 2 <= most)
		responder->burst = received * 2;
	return true;
}

static bool on_ready(struct watch *watch, unsigned events)
{
	struct responder *responder = (struct responder *)watch; /* its first member */
	(void)events;
	bool any = batch_of(responder->listener->endpoint.family) > 1 ? serve_burst(responder)
								      : serve_in_turn(responder);
	if (responder->late)
		send_late(responder, clock_now());
	return any;
}

/* What it keeps of its peers, and of their replies. */
static int equip(struct responder *responder)
{
	const struct misbehave_plan *plan = &responder->service->options->misbehave;
	const struct listener *listener = responder->listener;
	unsigned faults = misbehave_plan_fitting(false, true);
	responder->postponed = postponed_new();
	if (!responder->postponed ||
	    unread_new(&responder->unread, listener->endpoint.family, listener->fd) == -1)
		return -1;
	if (!(plan->faults & faults))
		return 0;
	responder->late = late_replies_new(plan, faults, responder->listener);
	return responder->late ? 0 : -1;
}

struct responder *responder_start(struct service *service, struct listener *listener,
				  struct error *error)
{
	struct responder *responder = calloc(1, sizeof(*responder));
	if (responder) {
		responder->watch = (struct watch){ .fd = listener->fd,
						   .shared = service->options->workers > 1,
						   .ready = on_ready };
		responder->service = service;
		responder->listener = listener;
	}
	if (!responder || equip(responder) == -1) {
		error_system(error, STATUS_SYSTEM, errno, "responder");
		responder_free(responder);
		return NULL;
	}
	const struct reply_form *form = service->options->plan.form;
	if (form->who)
		echo_start_who(&responder->echo, form, &responder->who, true);
	else
		echo_start(&responder->echo, form, NULL);
	if (form->who && listener->endpoint.family->ask_all)
		listener->endpoint.family->ask_all(listener->fd);
	responder->burst = 1;
	responder->quiet = NEVER;
	if (loop_add(service->loop, &responder->watch, LOOP_READ) == -1) {
		error_system(error, STATUS_SYSTEM, errno, "loop");
		responder_free(responder);
		return NULL;
	}
	return responder;
}

int64_t responder_next(const struct responder *responder)
{
	int64_t next = postponed_next(responder->postponed);
	int64_t late = responder->late ? late_replies_next(responder->late) : NEVER;
	next = late < next ? late : next;
	return responder->quiet < next ? responder->quiet : next;
}

/* Nothing more will be received or sent: the next server may have the address. */
static void leave_if_done(struct responder *responder)
{
	if (!responder->stopped || responder->left || responder_next(responder) != NEVER)
		return;
	responder->left = true;
	listener_leave(responder->listener);
}

void responder_expire(struct responder *responder, int64_t now)
{
	if (postponed_next(responder->postponed) <= now)
		postponed_retry(responder->postponed, responder->watch.fd, now, &postponed_calls,
				responder);
	if (responder->late)
		send_late(responder, now);
	if (responder->quiet <= now)
		responder_stop(responder);
	leave_if_done(responder);
}

void responder_stop_when_quiet(struct responder *responder, int64_t now)
{
	responder->quiet = now + QUIET;
}

void responder_stop(struct responder *responder)
{
	if (responder->stopped)
		return;
	/* what was received is answered; one who never stops sending cannot hold us */
	for (int i = 0; i < 4096 && on_ready(&responder->watch, LOOP_READ); i++)
		;
	loop_remove(responder->service->loop, &responder->watch);
	responder->stopped = true;
	responder->quiet = NEVER;
	leave_if_done(responder);
}

void responder_free(struct responder *responder)
{
	if (!responder)
		return;
	postponed_free(responder->postponed);
	unread_free(responder->unread);
	late_replies_free(responder->late);
	free(responder);
}
