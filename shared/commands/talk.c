#include "base/clock.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/options_route.h"
#include "commands/shared_secret.h"
#include "commands/talk_records.h"
#include "commands/talk_stream.h"
#include "commands/talk_terminal.h"

#include <signal.h>
#include <stdint.h>
#include <unistd.h>

/* For connecting and for a datagram's reply, where -w says nothing. */
#define DEFAULT_TIMEOUT (5 * NSEC_PER_SEC)
#define UNSAID (-1)

static int talk_to(struct talk_peer *peer, struct error *error)
{
	const struct kind *kind = peer->client->endpoint.kind;
	if (peer->timeout == UNSAID)
		peer->timeout = kind->connected ? NEVER : DEFAULT_TIMEOUT;
	if (isatty(STDIN_FILENO))
		return talk_terminal(peer, error);
	if (kind == kind_stream)
		return talk_stream(peer, error);
	return kind->connected ? talk_records(peer, error) : talk_datagrams(peer, error);
}

static int run(int argc, char **argv)
{
	struct error error;
	struct endpoint_flags flags = { 0 };
	struct endpoint_list list = { 0 };
	struct client client;
	struct route route = ROUTE_DEFAULT;
	struct client_options client_options = { .route = &route };
	struct shared_secret secret = { 0 };
	struct server_user user = { 0 };
	struct talk_peer talk = { .client = &client, .timeout = UNSAID };
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&flags),
		{ .letter = 'w', .name = "timeout", .argument = "SECONDS",
		  .help = "give up when the peer is silent so long (0: never)",
		  .take = take_seconds, .target = &talk.timeout, .least = 0, .most = INT32_MAX },
		{ .name = "no-edit", .help = "leave the editing of lines to the terminal",
		  .take = take_true, .target = &talk.plain },
		OPTIONS_SECRET(&secret),
		OPTION_SERVER_UID(&user),
		{ .name = "congestion", .argument = "NAME", .help = "TCP congestion control",
		  .take = take_text, .target = &client_options.congestion },
		OPTIONS_ROUTE(&route),
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
	    options_route_check(&route, &list, &error) == -1 ||
	    shared_secret_check(&secret, &list, &error) == -1 ||
	    shared_secret_load(&secret, &client_options.keys, &error) == -1) {
		endpoint_list_free(&list);
		route_free(&route);
		return command_fail(&error);
	}
	client_options.server_uid = user.chosen;

	if (talk.timeout == 0)
		talk.timeout = client_options.timeout = NEVER;
	else
		client_options.timeout = talk.timeout == UNSAID ? DEFAULT_TIMEOUT : talk.timeout;
	int result = client_open(&client, &list, &client_options, &error);
	endpoint_list_free(&list);
	route_free(&route);
	shared_secret_forget(&secret);
	if (result == -1)
		return command_fail(&error);
	endpoint_format(&client.endpoint, talk.name);
	talk.simple = shared_secret_is_simple(&secret);
	result = talk_to(&talk, &error);
	client_close(&client);
	if (talk.interrupted)
		raise(SIGINT);
	return result == -1 ? command_fail(&error) : STATUS_OK;
}

const struct command command_talk = {
	.name = "talk",
	.operands = "[ENDPOINT]",
	.summary = "client of an echo service: at a prompt, or in a pipe",
	.run = run,
};
