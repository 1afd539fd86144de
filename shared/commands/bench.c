#include "base/clock.h"
#include "base/quantity.h"
#include "commands/bench_advice.h"
#include "commands/bench_compare.h"
#include "commands/bench_files.h"
#include "commands/bench_json.h"
#include "commands/bench_judge.h"
#include "commands/bench_measure.h"
#include "commands/bench_merge.h"
#include "commands/bench_table.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/options_route.h"
#include "commands/shared_secret.h"
#include "commands/standard.h"
#include "protocol/probe.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_BYTES (1 << 20)
#define UNSAID (-1)
#define DEFAULT_DURATION (3 * NSEC_PER_SEC)

struct outputs {
	bool json;
};

static void show_table(const struct bench *bench)
{
	bench_table_print(bench);
	if (isatty(STDOUT_FILENO)) /* to be read by a person; a program wants the table alone */
		bench_advice_print(bench);
}

static int show(struct bench *bench, const struct outputs *outputs, struct error *error)
{
	if (outputs->json)
		bench_json_write(stdout, bench);
	else
		show_table(bench);
	standard_push();
	bench_judge_comment(bench);
	return bench_files_write(bench, error);
}

static int merge(struct bench *bench, char **files, struct error *error)
{
	if (!*files)
		return error_set(error, STATUS_USAGE, "bench: --merge: of which files?");
	if (bench_merge(bench, files, error) == -1)
		return -1;
	return bench_files_open(bench, error);
}

static int measure(struct bench *bench, char **operands, const struct endpoint_flags *flags,
		   const struct shared_secret *secret, double start_at, struct error *error)
{
	if (bench->rounds == 0)
		bench->rounds = *operands && !operands[1] ? 1 : 3;
	if (bench->duration == UNSAID)
		bench->duration = bench->messages > 0 ? NEVER : DEFAULT_DURATION;
	const struct route *route = bench->client.route;
	if (route->fixed && (bench->connections > 1 || bench->rounds > 1))
		return error_set(error, STATUS_USAGE,
				 "bench: --source %s: a port is for one connection%s",
				 route->source_text,
				 bench->connections > 1 ? "" : ", and each round has its own");
	return bench_measure(bench, operands, flags, secret, start_at, error);
}

/* Less than one message in so many seconds is no load. */
#define SLOWEST 1000

static int take_rate(const char *argument, const struct option_spec *spec, struct error *error)
{
	double rate;
	if (quantity_real(argument, &rate) == -1 || rate * SLOWEST < 1 || rate > (double)spec->most)
		return error_set(error, STATUS_USAGE,
				 "is not a number from 0.001 to %lld (k M G may follow)",
				 (long long)spec->most);
	*(double *)spec->target = rate;
	return 0;
}

static int take_percent(const char *argument, const struct option_spec *spec, struct error *error)
{
	char text[64];
	int length =
		snprintf(text, sizeof(text), "%s%s", argument, strchr(argument, '%') ? "" : "%");
	if (length >= (int)sizeof(text) || quantity_percent(text, spec->target) == -1)
		return error_set(error, STATUS_USAGE, "is not a percentage from 0 to 100");
	return 0;
}

/* A time of the clock, or next:N: its next multiple of N seconds. */
static int take_moment(const char *argument, const struct option_spec *spec, struct error *error)
{
	double moment;
	int64_t every = 0;
	if (strncmp(argument, "next:", 5) == 0) {
		if (quantity_time(argument + 5, NSEC_PER_SEC, &every) == -1 ||
		    every % NSEC_PER_SEC != 0 || every == 0 || every > 86400 * NSEC_PER_SEC)
			return error_set(error, STATUS_USAGE,
					 "is not next:N with N whole seconds from 1 to a day");
		every /= NSEC_PER_SEC;
		moment = (double)((time(NULL) / every + 1) * every);
	} else if (quantity_real(argument, &moment) == -1 || moment <= 0 ||
		   moment > (double)spec->most) {
		return error_set(error, STATUS_USAGE,
				 "is not a number of seconds up to %lld, nor next:N",
				 (long long)spec->most);
	}
	*(double *)spec->target = moment;
	return 0;
}

static int run(int argc, char **argv)
{
	struct error error;
	struct endpoint_flags flags = { 0 };
	struct bench bench = { .connections = 1,
			       .size = 64,
			       .depth = 1,
			       .threads = 1,
			       .warmup = NSEC_PER_SEC / 2,
			       .duration = UNSAID };
	struct outputs outputs = { 0 };
	struct shared_secret secret = { 0 };
	struct server_user user = { 0 };
	struct route route = ROUTE_DEFAULT;
	double start_at = 0;
	bool merging = false, comparing = false;
	double tolerance = 0.05;
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&flags),
		{ .letter = 'c', .name = "connections", .argument = "N",
		  .help = "at once (default 1)",
		  .take = take_number, .target = &bench.connections, .least = 1, .most = 100000 },
		{ .letter = 's', .name = "size", .argument = "BYTES",
		  .help = "of a message (default 64)",
		  .take = take_bytes, .target = &bench.size,
		  .least = PROBE_LEAST, .most = MOST_BYTES },
		{ .name = "depth", .argument = "N",
		  .help = "messages in flight on each connection (default 1)",
		  .take = take_number, .target = &bench.depth, .least = 1, .most = 65536 },
		{ .letter = 'd', .name = "duration", .argument = "SECONDS",
		  .help = "for each endpoint, over all rounds (default 3)",
		  .take = take_duration, .target = &bench.duration, .most = 86400 },
		{ .letter = 'n', .name = "messages", .argument = "N",
		  .help = "for each endpoint, over all connections and rounds, instead",
		  .take = take_number, .target = &bench.messages, .least = 1, .most = INT64_MAX },
		{ .letter = 'R', .name = "rate", .argument = "N",
		  .help = "messages a second that are due, over all connections",
		  .take = take_rate, .target = &bench.rate, .most = 1000000000 },
		{ .name = "warmup", .argument = "SECONDS",
		  .help = "at the start of each round, in no figure (default 0.5)",
		  .take = take_seconds, .target = &bench.warmup, .least = 0, .most = 3600 },
		{ .name = "rounds", .argument = "N",
		  .help = "endpoints in turn (default 3; 1 with one endpoint)",
		  .take = take_number, .target = &bench.rounds,
		  .least = 1, .most = BENCH_ROUNDS_MOST },
		{ .name = "threads", .argument = "N", .help = "of the client (default 1)",
		  .take = take_number, .target = &bench.threads, .least = 1, .most = 256 },
		{ .name = "spin", .help = "look for replies without sleeping",
		  .take = take_true, .target = &bench.spin },
		{ .name = "congestion", .argument = "NAME", .help = "TCP congestion control",
		  .take = take_text, .target = &bench.congestion },
		OPTIONS_ROUTE(&route),
		{ .name = "json", .help = "print one JSON object instead",
		  .take = take_true, .target = &outputs.json },
		{ .name = "hgrm", .argument = "FILE",
		  .help = "write response times for HdrHistogram's plotter",
		  .take = take_text, .target = &bench.hgrm },
		{ .name = "svg", .argument = "FILE",
		  .help = "draw the percentile curves of all endpoints",
		  .take = take_text, .target = &bench.svg },
		{ .name = "start-at", .argument = "TIME",
		  .help = "begin then, in seconds of the Epoch (date +%s), or next:N",
		  .take = take_moment, .target = &start_at, .most = INT64_C(1) << 40 },
		{ .name = "late", .argument = "SECONDS",
		  .help = "begin at once if no later than so (default 0)",
		  .take = take_seconds, .target = &bench.late, .least = 0, .most = 86400 },
		{ .name = "merge", .help = "add up the --json FILEs of several load generators",
		  .take = take_true, .target = &merging },
		{ .name = "compare", .help = "is a later --json FILE's rate another than the first's?",
		  .take = take_true, .target = &comparing },
		{ .name = "tolerance", .argument = "PERCENT",
		  .help = "slower by more is status 1, with --compare (default 5)",
		  .take = take_percent, .target = &tolerance },
		OPTIONS_SECRET(&secret),
		OPTION_SERVER_UID(&user),
		OPTIONS_END,
	};
	/* clang-format on */
	int operands;
	enum parsed parsed = options_parse(argc, argv, &command_bench, specs, &operands, &error);
	if (parsed == PARSED_HELP)
		return STATUS_OK;
	if (parsed == PARSED_WRONG)
		return command_fail(&error);
	if (comparing) {
		int status = bench_compare(argv + operands, tolerance, &error);
		return status == -1 ? command_fail(&error) : status;
	}
	bench.client.server_uid = user.chosen;
	bench.client.route = &route;
	bench.simple = shared_secret_is_simple(&secret);
	int result = shared_secret_load(&secret, &bench.client.keys, &error);
	if (result == 0 && secret.file && !argv[operands])
		result = error_set(&error, STATUS_USAGE,
				   "bench: --secret-file is for an endpoint's operand");
	if (result == 0)
		result = merging ? merge(&bench, argv + operands, &error)
				 : measure(&bench, argv + operands, &flags, &secret, start_at,
					   &error);
	shared_secret_forget(&secret);
	if (result == 0)
		result = bench_judge_refusal(&bench, &error);
	if (result == 0)
		result = show(&bench, &outputs, &error);
	int status = result == 0 ? bench_judge_status(&bench) : command_fail(&error);
	bench_files_drop(&bench);
	bench_free(&bench);
	route_free(&route);
	return status;
}

const struct command command_bench = {
	.name = "bench",
	.operands = "[ENDPOINT...]",
	.summary = "load and latency of echo services, families side by side",
	.run = run,
};
