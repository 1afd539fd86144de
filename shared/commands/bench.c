#include "base/clock.h"
#include "commands/bench_files.h"
#include "commands/bench_json.h"
#include "commands/bench_judge.h"
#include "commands/bench_measure.h"
#include "commands/bench_merge.h"
#include "commands/bench_table.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/shared_secret.h"
#include "protocol/probe.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (1 << 20)
#define UNSAID (-1)
#define DEFAULT_DURATION (3 * NSEC_PER_SEC)

struct outputs {
	bool json;
	const char *hgrm, *svg;
};

static int show(const struct bench *bench, const struct outputs *outputs, struct error *error)
{
	if (outputs->json)
		bench_json_write(stdout, bench);
	else
		bench_table_print(bench);
	fflush(stdout);
	bench_judge_comment(bench);
	if (outputs->hgrm && bench_files_hgrm(bench, outputs->hgrm, error) == -1)
		return -1;
	if (outputs->svg && bench_files_svg(bench, outputs->svg, error) == -1)
		return -1;
	return 0;
}

static int merge(struct bench *bench, char **files, struct error *error)
{
	if (!*files)
		return error_set(error, STATUS_USAGE, "bench: --merge: of which files?");
	bench->complete = true;
	for (; *files; files++)
		if (bench_merge_file(bench, *files, error) == -1)
			return -1;
	return 0;
}

static int measure(struct bench *bench, char **operands, const struct endpoint_flags *flags,
		   const struct shared_secret *secret, double start_at, struct error *error)
{
	if (bench->rounds == 0)
		bench->rounds = *operands && !operands[1] ? 1 : 3;
	if (bench->duration == UNSAID)
		bench->duration = bench->messages > 0 ? NEVER : DEFAULT_DURATION;
	return bench_measure(bench, operands, flags, secret, start_at, error);
}

static int take_decimal(const char *argument, const struct option_spec *spec, struct error *error)
{
	char *end;
	double number = strtod(argument, &end);
	if (end == argument || *end || !strchr("0123456789.", *argument) || !(number > 0) ||
	    number > (double)spec->most)
		return error_set(error, STATUS_USAGE, "is not a number above 0, up to %lld",
				 (long long)spec->most);
	*(double *)spec->target = number;
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
	double start_at = 0;
	bool merging = false;
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&flags),
		{ 'c', "connections", "N", "at once (default 1)", take_number, &bench.connections,
		  1, 100000 },
		{ 's', "size", "BYTES", "of a message (default 64)", take_number, &bench.size,
		  PROBE_LEAST, MOST_BYTES },
		{ 0, "depth", "N", "messages in flight on each connection (default 1)", take_number,
		  &bench.depth, 1, 65536 },
		{ 'd', "duration", "SECONDS", "for each endpoint, over all rounds (default 3)",
		  take_seconds, &bench.duration, 0, 86400 },
		{ 'n', "messages", "N",
		  "for each endpoint, over all connections and rounds, instead", take_number,
		  &bench.messages, 1, INT64_MAX },
		{ 'R', "rate", "N", "messages a second that are due, over all connections",
		  take_decimal, &bench.rate, 0, 1000000000 },
		{ 0, "warmup", "SECONDS", "at the start of each round, in no figure (default 0.5)",
		  take_seconds, &bench.warmup, 0, 3600 },
		{ 0, "rounds", "N", "endpoints in turn (default 3; 1 with one endpoint)",
		  take_number, &bench.rounds, 1, BENCH_ROUNDS_MOST },
		{ 0, "threads", "N", "of the client (default 1)", take_number, &bench.threads, 1,
		  256 },
		{ 0, "spin", NULL, "look for replies without sleeping", take_true, &bench.spin, 0,
		  0 },
		{ 0, "congestion", "NAME", "TCP congestion control", take_text, &bench.congestion,
		  0, 0 },
		{ 0, "json", NULL, "print one JSON object instead", take_true, &outputs.json, 0,
		  0 },
		{ 0, "hgrm", "FILE", "write response times for HdrHistogram's plotter", take_text,
		  &outputs.hgrm, 0, 0 },
		{ 0, "svg", "FILE", "draw the percentile curves of all endpoints", take_text,
		  &outputs.svg, 0, 0 },
		{ 0, "start-at", "TIME", "begin then, in seconds of the Epoch (date +%s)",
		  take_decimal, &start_at, 0, INT64_C(1) << 40 },
		{ 0, "merge", NULL, "add up the --json FILEs of several load generators", take_true,
		  &merging, 0, 0 },
		OPTIONS_SECRET(&secret),
		OPTION_SERVER_UID(&user),
		OPTIONS_END
	};
	int operands;
	enum parsed parsed = options_parse(argc, argv, &command_bench, specs, &operands, &error);
	if (parsed == PARSED_HELP)
		return STATUS_OK;
	if (parsed == PARSED_WRONG)
		return command_fail(&error);
	bench.client.server_uid = user.chosen;
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
	bench_free(&bench);
	return status;
}

const struct command command_bench = {
	.name = "bench",
	.operands = "[ENDPOINT...]",
	.summary = "load and latency of echo services, families side by side",
	.run = run,
};
