#include "commands/talk.h"

#include "base/clock.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/secret.h"
#include "net/sock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* For connecting and for a datagram's reply, where -w says nothing. */
#define DEFAULT_TIMEOUT (5 * NSEC_PER_SEC)
#define UNSAID (-1)

int talk_broken(struct talk *talk, int number, struct error *error)
{
	enum status status = STATUS_SYSTEM;
	if (number == ECONNREFUSED || number == ENOENT || number == EHOSTUNREACH ||
	    number == ENETUNREACH || number == ENOTCONN)
		status = STATUS_NOBODY;
	else if (number == ECONNRESET || number == EPIPE)
		status = STATUS_PROTOCOL;
	else if (number == EACCES || number == EPERM)
		status = STATUS_NOT_PERMITTED;
	else if (number == ETIMEDOUT)
		status = STATUS_TIMED_OUT;
	else if (number == EMSGSIZE)
		status = STATUS_DATA;
	return error_system(error, status, number, "talk %s", talk->name);
}

int talk_closed_early(struct talk *talk, struct error *error)
{
	return error_set(error, STATUS_PROTOCOL,
			 "talk %s: the peer closed the connection before the end of input",
			 talk->name);
}

int talk_refused(struct talk *talk, struct error *error)
{
	return error_set(error, STATUS_PROTOCOL,
			 "talk %s: it ended before any echo: perhaps it refuses the proof",
			 talk->name);
}

int talk_silent(struct talk *talk, struct error *error)
{
	return error_set(error, STATUS_TIMED_OUT, "talk %s: the peer was silent for %.10g s",
			 talk->name, (double)talk->timeout / (double)NSEC_PER_SEC);
}

int talk_print(const void *bytes, size_t length, struct error *error)
{
	const char *rest = bytes;
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, rest, length);
		if (written == -1 && errno == EINTR)
			continue;
		if (written == -1)
			return error_system(error, STATUS_SYSTEM, errno, "standard output");
		rest += written;
		length -= (size_t)written;
	}
	return 0;
}

int talk_send_message(struct talk *talk, const char *text, size_t length, int64_t until,
		      struct error *error)
{
	int fd = talk->client->fd;
	for (;;) {
		if (send(fd, text, length, MSG_NOSIGNAL) != -1)
			return 0;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return talk_broken(talk, errno, error);
		int ready = sock_wait(fd, POLLOUT, until);
		if (ready == 0)
			return talk_silent(talk, error);
		if (ready == -1)
			return talk_broken(talk, errno, error);
	}
}

static int talk_to(struct talk *talk, struct error *error)
{
	const struct kind *kind = talk->client->endpoint.kind;
	if (talk->timeout == UNSAID)
		talk->timeout = kind->connected ? NEVER : DEFAULT_TIMEOUT;
	if (isatty(STDIN_FILENO))
		return talk_terminal(talk, error);
	if (kind == kind_stream)
		return talk_stream(talk, error);
	return kind->connected ? talk_records(talk, error) : talk_datagrams(talk, error);
}

static int run(int argc, char **argv)
{
	struct error error;
	struct endpoint_flags flags = { 0 };
	struct endpoint_list list = { 0 };
	struct client client;
	struct client_options client_options = { 0 };
	struct secret secret = { 0 };
	struct server_user user = { 0 };
	struct talk talk = { .client = &client, .timeout = UNSAID };
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&flags),
		{ .letter = 'w', .name = "timeout", .argument = "SECONDS",
		  .help = "give up when the peer is silent so long (0: never)",
		  .take = take_seconds, .target = &talk.timeout, .least = 0, .most = INT32_MAX },
		OPTIONS_SECRET(&secret),
		OPTION_SERVER_UID(&user),
		{ .name = "congestion", .argument = "NAME", .help = "TCP congestion control",
		  .take = take_text, .target = &client_options.congestion },
		OPTIONS_END,
	};
	/* clang-format on */
	int operands;
	enum parsed parsed = options_parse(argc, argv, &command_talk, specs, &operands, &error);
	if (parsed == PARSED_HELP)
		return STATUS_OK;
	if (parsed == PARSED_WRONG)
		return command_fail(&error);
	if (endpoint_parse_one(argv + operands, &flags, &list, "talk", &error) == -1 ||
	    secret_check(&secret, &list, &error) == -1 ||
	    secret_load(&secret, &client_options.keys, &error) == -1) {
		endpoint_list_free(&list);
		return command_fail(&error);
	}
	client_options.server_uid = user.chosen;

	if (talk.timeout == 0)
		talk.timeout = client_options.timeout = NEVER;
	else
		client_options.timeout = talk.timeout == UNSAID ? DEFAULT_TIMEOUT : talk.timeout;
	int result = client_open(&client, &list, &client_options, &error);
	endpoint_list_free(&list);
	secret_forget(&secret);
	if (result == -1)
		return command_fail(&error);
	endpoint_format(&client.endpoint, talk.name);
	talk.simple = secret.file && secret.auth && strcmp(secret.auth, "simple") == 0;
	result = talk_to(&talk, &error);
	client_close(&client);
	return result == -1 ? command_fail(&error) : STATUS_OK;
}

const struct command command_talk = {
	.name = "talk",
	.operands = "[ENDPOINT]",
	.summary = "client of an echo service: at a prompt, or in a pipe",
	.run = run,
};
