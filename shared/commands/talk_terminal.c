#include "commands/talk_terminal.h"

#include "base/clock.h"
#include "commands/lines.h"
#include "commands/talk_queue.h"
#include "commands/talk_screen.h"
#include "net/record.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long the last reply is waited for after `exit`, where -w says nothing. */
#define PARTING (5 * NSEC_PER_SEC)

/* A peer that takes nothing does not make us keep more than this. */
#define UNSENT_MOST (16 << 20)

struct session {
	struct talk_peer *peer;
	const struct kind *kind;
	struct talk_screen screen;
	struct talk_queue queue;
	char *reply;
	int64_t until; /* when what is awaited is given up; NEVER */
	bool leaving;
	bool answered; /* anything came back */
};

static void ask(struct session *session)
{
	talk_screen_end_line(&session->screen);
	session->until = NEVER;
	if (!session->leaving)
		talk_screen_prompt(&session->screen);
}

/* Silence counts from now on. */
static void wait_anew(struct session *session)
{
	int64_t timeout = session->peer->timeout;
	if (timeout == NEVER && session->leaving)
		timeout = PARTING;
	session->until = timeout == NEVER ? NEVER : clock_now() + timeout;
}

/* Says why a line is not sent. */
static void refuse(struct session *session, const char *why)
{
	talk_screen_note(&session->screen, why);
	if (!talk_queue_awaits(&session->queue))
		ask(session);
}

static int take_line(struct session *session, const char *text, size_t length, struct error *error)
{
	if (length == 4 && memcmp(text, "exit", 4) == 0) {
		session->leaving = true;
		return 0;
	}
	if (length == 0 && !session->kind->records) {
		refuse(session, "an empty message cannot arrive on a stream: nothing was sent");
		return 0;
	}
	if (talk_queue_unsent(&session->queue) + length > UNSENT_MOST) {
		refuse(session, "the peer does not take what was sent before: nothing was sent");
		return 0;
	}
	if (talk_queue_add(&session->queue, text, length) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "talk");
	wait_anew(session);
	return 0;
}

static int take_input(struct session *session, struct error *error)
{
	char *text;
	size_t length;
	enum talk_typed typed;
	if (talk_screen_read(&session->screen, error) == -1)
		return -1;
	while (!session->leaving &&
	       (typed = talk_screen_next(&session->screen, &text, &length)) != TYPED_NOTHING) {
		switch (typed) {
		case TYPED_END:
			session->leaving = true;
			break;
		case TYPED_BREAK:
			session->peer->interrupted = session->leaving = true;
			break;
		case TYPED_CUT:
			refuse(session, "the terminal cuts lines at 4,095 bytes, perhaps this one: "
					"nothing was sent (a pipe takes longer ones)");
			break;
		case TYPED_OVERLONG:
			refuse(session, "longer than any message: nothing was sent");
			break;
		default:
			if (take_line(session, text, length, error) == -1)
				return -1;
		}
	}
	if (session->leaving && session->until == NEVER)
		wait_anew(session);
	return 0;
}

/* Sends what the peer takes without our waiting. */
static int send_lines(struct session *session, struct error *error)
{
	struct talk_queue *queue = &session->queue;
	const char *bytes;
	size_t length;
	while (talk_queue_next(queue, &bytes, &length)) {
		ssize_t sent = send(session->peer->client->fd, bytes, length, MSG_NOSIGNAL);
		if (sent != -1) {
			talk_queue_sent(queue, (size_t)sent);
			wait_anew(session);
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return 0;
		talk_peer_broken(session->peer, errno, error);
		if (error->status != STATUS_DATA || !queue->records)
			return -1;
		/* too long: say so, and ask for another */
		talk_queue_drop(queue);
		refuse(session, error->text);
	}
	return 0;
}

/*
 * Shows LENGTH bytes of a stream, split where the lines ended that they answer: those were sent
 * without their newlines. A peer that ends lines itself needs no help with it.
 */
static void show_stream(struct session *session, const char *bytes, size_t length)
{
	bool split = !memchr(bytes, '\n', length);
	while (length > 0) {
		bool whole;
		size_t part = talk_queue_answered_by(&session->queue, length, &whole);
		talk_screen_show(&session->screen, bytes, part);
		if (whole && split && talk_queue_awaits(&session->queue))
			talk_screen_end_line(&session->screen);
		bytes += part;
		length -= part;
	}
}

static void show_reply(struct session *session, size_t length)
{
	session->answered = true;
	if (session->kind->records) {
		talk_queue_answered(&session->queue);
		talk_screen_record(&session->screen, session->reply, length);
	} else {
		show_stream(session, session->reply, length);
	}
	if (!talk_queue_awaits(&session->queue))
		ask(session);
}

static int take_reply(struct session *session, struct error *error)
{
	size_t length;
	switch (record_receive(session->peer->client->fd, session->kind, session->reply, LINE_MOST,
			       &length)) {
	case RECORD_NONE:
		return 0;
	case RECORD_END:
		if (session->leaving && !talk_queue_awaits(&session->queue))
			return 0;
		if (session->peer->simple && !session->answered)
			return talk_peer_refused(session->peer, error);
		return talk_peer_closed_early(session->peer, error);
	case RECORD_TOO_LONG:
		return error_set(error, STATUS_DATA, "talk %s: a reply longer than any message",
				 session->peer->name);
	case RECORD_BROKEN:
		return talk_peer_broken(session->peer, errno, error);
	case RECORD_MESSAGE:
		show_reply(session, length);
		return 0;
	}
	return 0;
}

static int give_up(struct session *session, struct error *error)
{
	if (talk_queue_unsent(&session->queue) > 0)
		return talk_peer_silent(session->peer, error);
	talk_screen_note(&session->screen, "no reply");
	talk_queue_give_up(&session->queue);
	ask(session);
	return 0;
}

static int turn(struct session *session, struct error *error)
{
	struct pollfd items[3] = {
		{ .fd = session->leaving ? -1 : STDIN_FILENO, .events = POLLIN },
		{ .fd = session->peer->client->fd, .events = POLLIN },
		{ .fd = session->screen.news, .events = POLLIN },
	};
	const char *bytes;
	size_t length;
	if (talk_queue_next(&session->queue, &bytes, &length))
		items[1].events |= POLLOUT;
	int ready = poll(items, 3, clock_poll_timeout(session->until));
	if (ready == -1)
		return errno == EINTR ? 0 : error_system(error, STATUS_SYSTEM, errno, "poll");
	if (ready == 0)
		return clock_now() < session->until ? 0 : give_up(session, error);
	if (items[2].revents)
		talk_screen_news(&session->screen);
	if (items[1].revents & ~POLLOUT && take_reply(session, error) == -1)
		return -1;
	if (items[0].revents && take_input(session, error) == -1)
		return -1;
	return send_lines(session, error);
}
static bool is_over(const struct session *session)
{
	if (session->peer->interrupted)
		return true;
	return session->leaving && !talk_queue_awaits(&session->queue);
}

int talk_terminal(struct talk_peer *peer, struct error *error)
{
	struct session session = { .peer = peer,
				   .kind = peer->client->endpoint.kind,
				   .until = NEVER,
				   .queue.records = peer->client->endpoint.kind->records };
	session.reply = malloc(LINE_MOST);
	if (!session.reply)
		return error_system(error, STATUS_SYSTEM, errno, "talk");
	fprintf(stderr, "%s: each line is a message; exit leaves\n", peer->name);
	int result = talk_screen_begin(&session.screen, !peer->plain, error);
	if (result == 0) {
		ask(&session);
		result = talk_screen_update(&session.screen, error);
	}
	while (result == 0 && !is_over(&session)) {
		result = turn(&session, error);
		if (result == 0)
			result = talk_screen_update(&session.screen, error);
	}
	talk_screen_end(&session.screen);
	talk_queue_free(&session.queue);
	free(session.reply);
	return result;
}
