#include "base/clock.h"
#include "base/signals.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/options_route.h"
#include "commands/ping_report.h"
#include "commands/shared_secret.h"
#include "load/load.h"
#include "protocol/probe.h"

#include <stdint.h>
#include <stdlib.h>

#define MOST_BYTES (1 << 20)

/* With a long interval so many on their way are as good as any number. */
#define IN_FLIGHT 1024

struct ping {
	int64_t count, interval, patience, deadline;
	bool spin;
	struct ping_report report; /* what is asked of it, until it begins */
	const char *congestion;
	struct route route;
	struct shared_secret secret;
	const struct proof_secret *keys;
	struct server_user user;
	struct endpoint endpoint;
};

/* What the figures mean, once they are printed. */
static int judge(const struct ping_report *report, const struct load_result *result,
		 struct error *error)
{
	const char *why = result->trouble.status ? result->trouble.text : "no reply";
	enum status status =
		result->broken > 0 && result->damaged == 0 ? STATUS_PROTOCOL : STATUS_BAD;
	if (result->trouble.status == STATUS_DATA)
		status = STATUS_DATA;
	else if (load_result_refused(result))
		status = STATUS_NOBODY;
	if (result->messages > 0 && result->damaged == 0 && result->broken == 0)
		return 0;
	return result->trouble.status ? error_set(error, status, "ping %s", why)
				      : error_set(error, status, "ping %s: %s", report->name, why);
}

static int ping_endpoint(struct ping *ping, struct load_result *result, struct error *error)
{
	struct signals signals;
	struct ping_report report = ping->report;
	int64_t until = ping->deadline > 0 ? clock_now() + ping->deadline : 0;
	if (signals_catch(&signals, error) == -1)
		return -1;
	const struct load_options options = {
		.client = { .timeout = until && ping->deadline < ping->patience ? ping->deadline
										: ping->patience,
			    .congestion = ping->congestion,
			    .route = &ping->route,
			    .keys = ping->keys,
			    .server_uid = ping->user.chosen,
			    .stop = signals.stop },
		.connections = 1,
		.threads = 1,
		/* without an interval the next one is sent when the last one is back */
		.depth = ping->interval > 0 ? IN_FLIGHT : 1,
		.rate = ping->interval > 0 ? (double)NSEC_PER_SEC / (double)ping->interval : 0,
		.size = (size_t)ping->report.size,
		.duration = NEVER,
		.messages = ping->count > 0 ? (uint64_t)ping->count : UINT64_MAX,
		.patience = ping->patience,
		.grace = ping->patience,
		.spin = ping->spin,
		.replied = ping_report_reply,
		.progress = ping_report_progress,
		.until = until,
		.context = &report,
		.stop = signals.stop,
	};
	ping_report_on_request();
	ping_report_begin(&report, &ping->endpoint);
	if (load_run(&ping->endpoint, &options, result, error) == -1)
		return -1;
	ping_report_end(&report, result);
	return judge(&report, result, error);
}

static int run(int argc, char **argv)
{
	struct error error;
	struct endpoint_flags flags = { 0 };
	struct endpoint_list list = { 0 };
	struct ping ping = { .interval = NSEC_PER_SEC,
			     .patience = 5 * NSEC_PER_SEC,
			     .route = ROUTE_DEFAULT,
			     .report = { .size = 64 } };
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&flags),
		{ .letter = 'c', .name = "count", .argument = "COUNT",
		  .help = "stop after so many messages (default: go on until stopped)",
		  .take = take_number, .target = &ping.count, .least = 1, .most = INT64_MAX },
		{ .letter = 'i', .name = "interval", .argument = "SECONDS",
		  .help = "between messages (default 1; 0: as each comes back)",
		  .take = take_seconds, .target = &ping.interval, .least = 0, .most = 86400 },
		{ .letter = 's', .name = "size", .argument = "BYTES",
		  .help = "of a message (default 64)",
		  .take = take_bytes, .target = &ping.report.size,
		  .least = PROBE_LEAST, .most = MOST_BYTES },
		{ .letter = 'W', .name = "wait", .argument = "SECONDS",
		  .help = "for connecting and for the last replies (default 5)",
		  .take = take_duration, .target = &ping.patience, .most = 86400 },
		{ .letter = 'w', .name = "deadline", .argument = "SECONDS",
		  .help = "for the whole: end then, whatever came back",
		  .take = take_duration, .target = &ping.deadline, .most = INT32_MAX },
		{ .letter = 'D', .name = "timestamps", .help = "print the time before each line",
		  .take = take_true, .target = &ping.report.stamps },
		{ .letter = 'q', .name = "quiet", .help = "print the statistics alone",
		  .take = take_true, .target = &ping.report.quiet },
		{ .name = "json", .help = "print one JSON object instead",
		  .take = take_true, .target = &ping.report.json },
		{ .name = "spin", .help = "look for replies without sleeping",
		  .take = take_true, .target = &ping.spin },
		{ .name = "congestion", .argument = "NAME", .help = "TCP congestion control",
		  .take = take_text, .target = &ping.congestion },
		OPTIONS_ROUTE(&ping.route),
		OPTIONS_SECRET(&ping.secret),
		OPTION_SERVER_UID(&ping.user),
		OPTIONS_END,
	};
	/* clang-format on */
	int operands;
	enum parsed parsed = options_parse(argc, argv, &command_ping, specs, &operands, &error);
	if (parsed == PARSED_HELP)
		return STATUS_OK;
	if (parsed == PARSED_WRONG ||
	    endpoint_parse_one(argv + operands, &flags, &list, "ping", &error) == -1 ||
	    options_route_check(&ping.route, &list, &error) == -1 ||
	    shared_secret_check(&ping.secret, &list, &error) == -1 ||
	    shared_secret_load(&ping.secret, &ping.keys, &error) == -1) {
		endpoint_list_free(&list);
		route_free(&ping.route);
		return command_fail(&error);
	}
	struct load_result *result = malloc(sizeof(*result));
	int status = -1;
	/* of a name's addresses the first one that is there */
	for (size_t i = 0; result && i < list.count; i++) {
		ping.endpoint = list.items[i];
		status = ping_endpoint(&ping, result, &error);
		if (status == 0 || error.status == STATUS_BAD || error.status == STATUS_PROTOCOL ||
		    error.status == STATUS_DATA)
			break;
	}
	if (!result)
		error_set(&error, STATUS_SYSTEM, "ping: no memory");
	free(result);
	shared_secret_forget(&ping.secret);
	endpoint_list_free(&list);
	route_free(&ping.route);
	return status == -1 ? command_fail(&error) : STATUS_OK;
}

const struct command command_ping = {
	.name = "ping",
	.operands = "[ENDPOINT]",
	.summary = "round-trip time and loss of an echo service, every reply verified",
	.run = run,
};
