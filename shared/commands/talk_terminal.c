#include "commands/talk_terminal.h"

#include "base/clock.h"
#include "commands/lines.h"
#include "commands/standard.h"
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

struct session {
	struct talk_peer *peer;
	const struct kind *kind;
	struct lines lines;
	char *reply;
	size_t awaited; /* bytes (on a stream) or messages that are to come back */
	int64_t until;  /* when that is given up; NEVER */
	bool midline;   /* something was printed after the last newline */
	bool leaving;
	bool answered; /* anything came back */
};

static void show_prompt(struct session *session)
{
	if (session->midline)
		putchar('\n');
	session->midline = false;
	session->until = NEVER;
	if (!session->leaving)
		fputs(">>> ", stdout);
	standard_push();
}

static int send_line(struct session *session, const char *text, size_t length, struct error *error)
{
	int64_t until =
		session->peer->timeout == NEVER ? NEVER : clock_now() + session->peer->timeout;
	if (session->kind->records) {
		if (talk_peer_send(session->peer, text, length, until, error) == 0)
			session->awaited++;
		else if (error->status == STATUS_DATA) /* too long: say so, and ask for another */
			printf("(%s)\n", error->text), show_prompt(session);
		else
			return -1;
		session->until = until;
		return 0;
	}
	while (length > 0) {
		ssize_t sent = send(session->peer->client->fd, text, length, MSG_NOSIGNAL);
		if (sent == -1 && errno == EINTR)
			continue;
		if (sent == -1 && errno != EAGAIN)
			return talk_peer_broken(session->peer, errno, error);
		if (sent == -1) {
			poll(&(struct pollfd){ .fd = session->peer->client->fd, .events = POLLOUT },
			     1, -1);
			continue;
		}
		session->awaited += (size_t)sent;
		text += sent;
		length -= (size_t)sent;
	}
	session->until = until;
	return 0;
}

static int take_input(struct session *session, struct error *error)
{
	char *text;
	size_t length;
	if (lines_fill(&session->lines, STDIN_FILENO, error) == -1)
		return -1;
	while (!session->leaving && lines_next(&session->lines, &text, &length)) {
		if (length == 4 && memcmp(text, "exit", 4) == 0) {
			session->leaving = true;
		} else if (length == 0 && !session->kind->records) {
			puts("(an empty message cannot arrive on a stream: nothing was sent)");
			show_prompt(session);
		} else if (send_line(session, text, length, error) == -1) {
			return -1;
		}
	}
	if (session->lines.ended && !session->leaving) {
		session->leaving = true;
		session->midline = true; /* the prompt's line */
	}
	if (session->leaving && session->until == NEVER)
		session->until = clock_now() + PARTING;
	return 0;
}

static int take_reply(struct session *session, struct error *error)
{
	size_t length;
	switch (record_receive(session->peer->client->fd, session->kind, session->reply, LINE_MOST,
			       &length)) {
	case RECORD_NONE:
		return 0;
	case RECORD_END:
		if (session->leaving && session->awaited == 0)
			return 0;
		putchar('\n');
		if (session->peer->simple && !session->answered)
			return talk_peer_refused(session->peer, error);
		return talk_peer_closed_early(session->peer, error);
	case RECORD_TOO_LONG:
		return error_set(error, STATUS_DATA, "talk %s: a reply longer than any message",
				 session->peer->name);
	case RECORD_BROKEN:
		putchar('\n');
		return talk_peer_broken(session->peer, errno, error);
	case RECORD_MESSAGE:
		break;
	}
	fwrite(session->reply, 1, length, stdout);
	session->midline = session->answered = true;
	size_t counts = session->kind->records ? 1 : length;
	/* what comes unasked counts for nothing */
	session->awaited -= counts < session->awaited ? counts : session->awaited;
	if (session->awaited == 0)
		show_prompt(session);
	else
		standard_push();
	return 0;
}

static int turn(struct session *session, struct error *error)
{
	struct pollfd items[2] = {
		{ .fd = session->leaving ? -1 : STDIN_FILENO, .events = POLLIN },
		{ .fd = session->peer->client->fd, .events = POLLIN },
	};
	int ready = poll(items, 2, clock_poll_timeout(session->until));
	if (ready == -1)
		return errno == EINTR ? 0 : error_system(error, STATUS_SYSTEM, errno, "poll");
	if (ready == 0) {
		printf("%s(no reply)\n", session->midline ? "\n" : "");
		session->midline = false;
		session->awaited = 0;
		show_prompt(session);
		return 0;
	}
	if (items[1].revents && take_reply(session, error) == -1)
		return -1;
	if (items[0].revents)
		return take_input(session, error);
	return 0;
}

int talk_terminal(struct talk_peer *peer, struct error *error)
{
	struct session session = { .peer = peer,
				   .kind = peer->client->endpoint.kind,
				   .until = NEVER };
	int result = 0;
	session.reply = malloc(LINE_MOST);
	if (!session.reply)
		return error_system(error, STATUS_SYSTEM, errno, "talk");
	fprintf(stderr, "%s: each line is a message; exit leaves\n", peer->name);
	show_prompt(&session);
	while (result == 0 && !(session.leaving && session.awaited == 0))
		result = turn(&session, error);
	if (result == 0 && session.midline)
		putchar('\n');
	free(session.reply);
	free(session.lines.bytes);
	return result;
}
