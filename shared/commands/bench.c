#include "commands/bench.h"

#include "base/signals.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/own_server.h"
#include "commands/secret.h"
#include "protocol/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_BYTES (1 << 20)
#define UNSAID (-1)
#define DEFAULT_DURATION (3 * NSEC_PER_SEC)
#define PATIENCE (100 * NSEC_PER_MSEC)
#define GRACE (2 * NSEC_PER_SEC)
#define CONNECT_TIMEOUT (5 * NSEC_PER_SEC)

/* A client that used so much of its processors was the limit itself. */
#define BUSY 0.95

struct run {
	struct bench *bench;
	struct load_options load;
	struct load_result *round;
	struct signals signals;
	bool show_progress;
	const struct bench_result *at; /* what is being measured now */
	int64_t number;                /* of the round, from 0 */
};

static void on_progress(void *context, int64_t elapsed)
{
	const struct run *run = context;
	double seconds = (double)elapsed / (double)NSEC_PER_SEC;
	if (elapsed < 0)
		fprintf(stderr, "\r\033[K%s: warming up", run->at->name);
	else
		fprintf(stderr, "\r\033[K%s: round %" PRId64 " of %" PRId64 ", %.1f s",
			run->at->name, run->number + 1, run->bench->rounds, seconds);
}

/* The share of TOTAL that falls to this round. */
static int64_t share(const struct run *run, int64_t total)
{
	int64_t rounds = run->bench->rounds;
	return total / rounds + (run->number < total % rounds);
}

static int measure(struct run *run, struct bench_result *result, struct error *error)
{
	const struct bench *bench = run->bench;
	struct load_options options = run->load;
	run->at = result;
	options.duration = bench->duration == NEVER ? NEVER : share(run, bench->duration);
	options.messages = (uint64_t)share(run, bench->messages);
	if (bench->messages > 0 && options.messages == 0)
		return 0; /* fewer messages than rounds */
	int status = load_run(&result->endpoint, &options, run->round, error);
	if (run->show_progress)
		fputs("\r\033[K", stderr);
	if (status == -1)
		return -1;
	result->rates[result->rounds++] = bench_rate_of(run->round);
	load_result_add(&result->load, run->round);
	return 0;
}

static bool stopped(const struct run *run)
{
	struct pollfd item = { .fd = run->signals.stop, .events = POLLIN };
	return poll(&item, 1, 0) == 1;
}

/* Endpoints in turn, round after round: what drifts on the machine meanwhile touches all alike. */
static int measure_all(struct run *run, struct error *error)
{
	struct bench *bench = run->bench;
	for (run->number = 0; run->number < bench->rounds; run->number++)
		for (size_t i = 0; i < bench->count; i++) {
			if (stopped(run)) {
				bench->complete = false;
				return 0;
			}
			if (measure(run, bench->results[i], error) == 0) {
				if (run->round->stopped)
					bench->complete = false;
				continue;
			}
			if (run->number == 0 && i == 0)
				return -1;
			/* what was measured until then is shown all the same */
			bench->results[i]->load.trouble = *error;
			bench->results[i]->load.broken++;
			bench->complete = false;
			return 0;
		}
	return 0;
}

static int add_endpoint(struct bench *bench, const struct endpoint *endpoint, const char *name,
			struct error *error)
{
	struct bench_result *result = bench_add(bench, error);
	if (!result)
		return -1;
	result->endpoint = *endpoint;
	if (name)
		snprintf(result->name, sizeof(result->name), "%s", name);
	else
		endpoint_format(endpoint, result->name);
	snprintf(result->family, sizeof(result->family), "%s", endpoint->family->name);
	snprintf(result->type, sizeof(result->type), "%s", endpoint->kind->name);
	return 0;
}

/* Of an operand's addresses the first one where somebody is. */
static int choose(struct bench *bench, const char *operand, const struct endpoint_flags *flags,
		  struct error *error)
{
	struct endpoint_list list = { 0 };
	struct client client;
	int result = endpoint_parse(operand, flags, &list, error);
	if (result == 0)
		result = client_open(&client, &list, &bench->client, error);
	endpoint_list_free(&list);
	if (result == -1)
		return -1;
	client_close(&client);
	return add_endpoint(bench, &client.endpoint, NULL, error);
}

static int measure_operands(struct run *run, char **operands, const struct endpoint_flags *flags,
			    const struct secret *secret, struct error *error)
{
	/* first whether all of it makes sense, then whether anybody is there */
	for (char **each = operands; *each; each++) {
		struct endpoint_list list = { 0 };
		int result = endpoint_parse(*each, flags, &list, error);
		if (result == 0)
			result = secret_check(secret, &list, error);
		endpoint_list_free(&list);
		if (result == -1)
			return -1;
	}
	for (; *operands; operands++)
		if (choose(run->bench, *operands, flags, error) == -1)
			return -1;
	return measure_all(run, error);
}

static int measure_own(struct run *run, const struct endpoint_flags *flags, struct error *error)
{
	struct own_server own;
	struct error why;
	if (own_server_start(&own, run->bench->congestion, error) == -1)
		return -1;
	int result = 0;
	for (size_t i = 0; result == 0 && i < own.lanes.count; i++) {
		const struct lane *lane = &own.lanes.items[i];
		const struct endpoint *endpoint = &lane->endpoint;
		char name[40];
		if ((flags->family && endpoint->family != flags->family) ||
		    (flags->kind && endpoint->kind != flags->kind))
			continue;
		snprintf(name, sizeof(name), "%s+%s", endpoint->family->name, endpoint->kind->name);
		if (lane->listening)
			result = add_endpoint(run->bench, endpoint, name, error);
		else
			fprintf(stderr, "sockfam: %s: left out\n", lane->why.text);
	}
	if (result == 0 && run->bench->count == 0)
		result = error_set(error, STATUS_USAGE,
				   "bench: there is no such family and type here");
	if (result == 0)
		result = measure_all(run, error);
	if (own_server_stop(&own, &why) == -1 && result == 0) {
		*error = why;
		result = -1;
	}
	return result;
}

/*
 * Load generators on several machines begin together: TIME is in seconds of the Epoch (date +%s).
 */
static int wait_for(double start, int stop, struct error *error)
{
	struct pollfd item = { .fd = stop, .events = POLLIN };
	for (bool waited = false;; waited = true) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		double left = start - (double)now.tv_sec - (double)now.tv_nsec / 1e9;
		if (left < 0 && !waited)
			return error_set(error, STATUS_USAGE,
					 "bench: --start-at: that was %.3f s ago", -left);
		if (left <= 0 || poll(&item, 1, left > 60 ? 60000 : (int)(left * 1000) + 1) == 1)
			return 0;
	}
}

/* What a reader of the figures must know. */
static void comment(const struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++) {
		const struct bench_result *result = bench->results[i];
		const struct load_result *load = &result->load;
		double threads = (double)(bench->threads < bench->connections ? bench->threads
									      : bench->connections);
		double used =
			load->elapsed > 0 ? (double)load->cpu / (double)load->elapsed / threads : 0;
		if (load->trouble.status)
			fprintf(stderr, "sockfam: bench %s\n", load->trouble.text);
		if (used >= BUSY && !bench->spin && !bench->merged && bench->rate == 0)
			fprintf(stderr,
				"sockfam: bench %s: the client was busy for %.0f %% of the time: "
				"it, not the "
				"service, may have been the limit (--threads)\n",
				result->name, used * 100);
		if (bench->rate > 0 && bench->complete && load->lost > 0 &&
		    bench_rate(result) < 0.95 * bench->rate)
			fprintf(stderr,
				"sockfam: bench %s: %.10g messages/s were due, %.10g were "
				"answered\n",
				result->name, bench->rate, bench_rate(result));
	}
}

/* Good, if from everywhere something came back, and nothing wrong did. */
static int judge(const struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++) {
		const struct bench_result *result = bench->results[i];
		const struct load_result *load = &result->load;
		bool reached = bench->complete || result->rounds > 0;
		if (load->trouble.status == STATUS_DATA)
			return STATUS_DATA;
		if (load->damaged > 0 || load->broken > 0 || (load->messages == 0 && reached))
			return STATUS_BAD;
	}
	return STATUS_OK;
}

/* A `simple` proof is refused without a word: then no endpoint gave a single echo. */
static int check_refusal(const struct bench *bench, struct error *error)
{
	for (size_t i = 0; i < bench->count; i++)
		if (bench->results[i]->load.messages > 0 || bench->results[i]->load.broken == 0)
			return 0;
	if (!bench->simple || bench->count == 0)
		return 0;
	return error_set(error, STATUS_PROTOCOL,
			 "bench %s: it ended before any echo: perhaps it refuses the proof",
			 bench->results[0]->name);
}

struct outputs {
	bool json;
	const char *hgrm, *svg;
};

static int show(const struct bench *bench, const struct outputs *outputs, struct error *error)
{
	if (outputs->json)
		bench_write_json(stdout, bench);
	else
		bench_print_table(bench);
	fflush(stdout);
	comment(bench);
	if (outputs->hgrm && bench_write_hgrm(bench, outputs->hgrm, error) == -1)
		return -1;
	if (outputs->svg && bench_write_svg(bench, outputs->svg, error) == -1)
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

static int measure_here(struct bench *bench, char **operands, const struct endpoint_flags *flags,
			const struct secret *secret, double start_at, struct error *error)
{
	struct run run = { .bench = bench };
	if (bench->rounds == 0)
		bench->rounds = *operands && !operands[1] ? 1 : 3;
	if (bench->duration == UNSAID)
		bench->duration = bench->messages > 0 ? NEVER : DEFAULT_DURATION;
	if (signals_catch(&run.signals, error) == -1)
		return -1;
	bench->client.timeout = CONNECT_TIMEOUT;
	bench->client.congestion = bench->congestion;
	run.show_progress = isatty(STDERR_FILENO);
	run.load = (struct load_options){
		.client = bench->client,
		.connections = (unsigned)bench->connections,
		.threads = (unsigned)bench->threads,
		.depth = (unsigned)bench->depth,
		.size = (size_t)bench->size,
		.rate = bench->rate,
		.warmup = bench->warmup,
		.patience = PATIENCE,
		.grace = GRACE,
		.spin = bench->spin,
		.progress = run.show_progress ? on_progress : NULL,
		.context = &run,
		.stop = run.signals.stop,
	};
	run.round = malloc(sizeof(*run.round));
	if (!run.round)
		return error_system(error, STATUS_SYSTEM, errno, "bench");
	bench->complete = true;
	int result = start_at > 0 ? wait_for(start_at, run.signals.stop, error) : 0;
	if (result == 0 && stopped(&run))
		bench->complete = false;
	else if (result == 0)
		result = *operands ? measure_operands(&run, operands, flags, secret, error)
				   : measure_own(&run, flags, error);
	free(run.round);
	return result;
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
	struct secret secret = { 0 };
	struct server_user user = { 0 };
	double start_at = 0;
	bool merging = false;
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&flags),
		{ .letter = 'c', .name = "connections", .argument = "N",
		  .help = "at once (default 1)",
		  .take = take_number, .target = &bench.connections, .least = 1, .most = 100000 },
		{ .letter = 's', .name = "size", .argument = "BYTES",
		  .help = "of a message (default 64)",
		  .take = take_number, .target = &bench.size,
		  .least = PROBE_LEAST, .most = MOST_BYTES },
		{ .name = "depth", .argument = "N",
		  .help = "messages in flight on each connection (default 1)",
		  .take = take_number, .target = &bench.depth, .least = 1, .most = 65536 },
		{ .letter = 'd', .name = "duration", .argument = "SECONDS",
		  .help = "for each endpoint, over all rounds (default 3)",
		  .take = take_seconds, .target = &bench.duration, .least = 0, .most = 86400 },
		{ .letter = 'n', .name = "messages", .argument = "N",
		  .help = "for each endpoint, over all connections and rounds, instead",
		  .take = take_number, .target = &bench.messages, .least = 1, .most = INT64_MAX },
		{ .letter = 'R', .name = "rate", .argument = "N",
		  .help = "messages a second that are due, over all connections",
		  .take = take_decimal, .target = &bench.rate, .least = 0, .most = 1000000000 },
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
		{ .name = "json", .help = "print one JSON object instead",
		  .take = take_true, .target = &outputs.json },
		{ .name = "hgrm", .argument = "FILE",
		  .help = "write response times for HdrHistogram's plotter",
		  .take = take_text, .target = &outputs.hgrm },
		{ .name = "svg", .argument = "FILE",
		  .help = "draw the percentile curves of all endpoints",
		  .take = take_text, .target = &outputs.svg },
		{ .name = "start-at", .argument = "TIME",
		  .help = "begin then, in seconds of the Epoch (date +%s)",
		  .take = take_decimal, .target = &start_at, .least = 0, .most = INT64_C(1) << 40 },
		{ .name = "merge", .help = "add up the --json FILEs of several load generators",
		  .take = take_true, .target = &merging },
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
	bench.client.server_uid = user.chosen;
	bench.simple = secret.auth && strcmp(secret.auth, "simple") == 0;
	int result = secret_load(&secret, &bench.client.keys, &error);
	if (result == 0 && secret.file && !argv[operands])
		result = error_set(&error, STATUS_USAGE,
				   "bench: --secret-file is for an endpoint's operand");
	if (result == 0)
		result = merging ? merge(&bench, argv + operands, &error)
				 : measure_here(&bench, argv + operands, &flags, &secret, start_at,
						&error);
	secret_forget(&secret);
	if (result == 0)
		result = check_refusal(&bench, &error);
	if (result == 0)
		result = show(&bench, &outputs, &error);
	int status = result == 0 ? judge(&bench) : command_fail(&error);
	bench_free(&bench);
	return status;
}

const struct command command_bench = {
	.name = "bench",
	.operands = "[ENDPOINT...]",
	.summary = "load and latency of echo services, families side by side",
	.run = run,
};
