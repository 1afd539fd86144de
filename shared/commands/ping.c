#include "base/clock.h"
#include "base/signals.h"
#include "commands/command.h"
#include "commands/json.h"
#include "commands/options.h"
#include "commands/secret.h"
#include "load/load.h"
#include "protocol/probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_BYTES (1 << 20)

/* With a long interval so many on their way are as good as any number. */
#define IN_FLIGHT 1024

struct ping {
	int64_t count, interval, size, patience;
	bool quiet, json, spin;
	const char *congestion;
	struct secret secret;
	const struct proof_secret *keys;
	struct server_user user;
	struct endpoint endpoint;
	char name[ENDPOINT_TEXT];
	/* figures that the load does not keep */
	uint64_t reordered;
	uint64_t next;              /* behind the greatest number that came back so far */
	double first, sum, squares; /* of round-trip times, from the first one's: it keeps digits */
};

static void on_reply(void *context, const struct load_reply *reply)
{
	static const char *const remarks[] = { "", " DAMAGED", " DUPLICATE" };
	struct ping *ping = context;
	if (reply->state != LOAD_DUPLICATE) {
		if (reply->number < ping->next)
			ping->reordered++;
		else
			ping->next = reply->number + 1;
	}
	if (reply->state == LOAD_RIGHT) {
		if (ping->first < 0)
			ping->first = (double)reply->service;
		double offset = (double)reply->service - ping->first;
		ping->sum += offset;
		ping->squares += offset * offset;
	}
	if (ping->quiet || ping->json)
		return;
	printf("%" PRId64 " bytes from %s: seq=%" PRIu64 " time=%.3f ms%s\n", ping->size,
	       ping->name, reply->number + 1, (double)reply->service / 1e6, remarks[reply->state]);
	fflush(stdout);
}

/* Newton's method, from above; the program links no libm. */
static double square_root(double value)
{
	double root = value > 1 ? value : 1;
	for (double next; (next = (root + value / root) / 2) < root;)
		root = next;
	return root;
}

/* The standard deviation, ping(8)'s mdev. */
static double deviation(const struct ping *ping, uint64_t count)
{
	double mean = ping->sum / (double)count;
	double variance = ping->squares / (double)count - mean * mean;
	return variance > 0 ? square_root(variance) : 0;
}

static void print_statistics(const struct ping *ping, const struct load_result *result)
{
	const struct histogram *times = &result->service;
	printf("--- %s ping statistics ---\n"
	       "%" PRIu64 " sent, %" PRIu64 " received, %" PRIu64 " lost, %" PRIu64 " duplicate, "
	       "%" PRIu64 " reordered, %" PRIu64 " damaged\n",
	       ping->name, result->sent, result->sent - result->lost, result->lost,
	       result->duplicates, ping->reordered, result->damaged);
	if (ping->endpoint.kind->connected)
		printf("connected in %.3f ms\n", (double)result->connect / 1e6);
	if (times->count == 0)
		return;
	printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms, p50/p90/p99 = %.3f/%.3f/%.3f ms\n",
	       (double)times->min / 1e6, histogram_mean(times) / 1e6, (double)times->max / 1e6,
	       deviation(ping, times->count) / 1e6, (double)histogram_percentile(times, 50) / 1e6,
	       (double)histogram_percentile(times, 90) / 1e6,
	       (double)histogram_percentile(times, 99) / 1e6);
}

static void print_json(const struct ping *ping, const struct load_result *result)
{
	const struct histogram *times = &result->service;
	printf("{\"schema\": \"sockfam-ping/1\", \"endpoint\": ");
	json_write_string(stdout, ping->name);
	printf(", \"sent\": %" PRIu64 ", \"received\": %" PRIu64 ", \"lost\": %" PRIu64
	       ", \"duplicate\": %" PRIu64 ", \"reordered\": %" PRIu64 ", \"damaged\": %" PRIu64,
	       result->sent, result->sent - result->lost, result->lost, result->duplicates,
	       ping->reordered, result->damaged);
	if (ping->endpoint.kind->connected)
		printf(", \"connect_ns\": %" PRId64, result->connect);
	else
		printf(", \"connect_ns\": null");
	if (times->count == 0) {
		puts(", \"rtt_ns\": null}");
		return;
	}
	printf(", \"rtt_ns\": {\"min\": %" PRId64 ", \"avg\": %.0f, \"max\": %" PRId64
	       ", \"mdev\": %.0f, \"p50\": %" PRId64 ", \"p90\": %" PRId64 ", \"p99\": %" PRId64
	       "}}\n",
	       times->min, histogram_mean(times), times->max, deviation(ping, times->count),
	       histogram_percentile(times, 50), histogram_percentile(times, 90),
	       histogram_percentile(times, 99));
}

/* What the figures mean, once they are printed. */
static int judge(const struct ping *ping, const struct load_result *result, struct error *error)
{
	const char *why = result->trouble.status ? result->trouble.text : "no reply";
	enum status status =
		result->broken > 0 && result->damaged == 0 ? STATUS_PROTOCOL : STATUS_BAD;
	if (result->trouble.status == STATUS_DATA)
		status = STATUS_DATA;
	if (result->messages > 0 && result->damaged == 0 && result->broken == 0)
		return 0;
	return result->trouble.status ? error_set(error, status, "ping %s", why)
				      : error_set(error, status, "ping %s: %s", ping->name, why);
}

static int ping_endpoint(struct ping *ping, struct load_result *result, struct error *error)
{
	struct signals signals;
	if (signals_catch(&signals, error) == -1)
		return -1;
	const struct load_options options = {
		.client = { .timeout = ping->patience,
			    .congestion = ping->congestion,
			    .keys = ping->keys,
			    .server_uid = ping->user.chosen },
		.connections = 1,
		.threads = 1,
		/* without an interval the next one is sent when the last one is back */
		.depth = ping->interval > 0 ? IN_FLIGHT : 1,
		.rate = ping->interval > 0 ? (double)NSEC_PER_SEC / (double)ping->interval : 0,
		.size = (size_t)ping->size,
		.duration = NEVER,
		.messages = ping->count > 0 ? (uint64_t)ping->count : UINT64_MAX,
		.patience = ping->patience,
		.grace = ping->patience,
		.spin = ping->spin,
		.replied = on_reply,
		.context = ping,
		.stop = signals.stop,
	};
	endpoint_format(&ping->endpoint, ping->name);
	if (!ping->json) {
		printf("PING %s %" PRId64 " bytes of data\n", ping->name, ping->size);
		fflush(stdout);
	}
	if (load_run(&ping->endpoint, &options, result, error) == -1)
		return -1;
	if (ping->json)
		print_json(ping, result);
	else
		print_statistics(ping, result);
	return judge(ping, result, error);
}

static int run(int argc, char **argv)
{
	struct error error;
	struct endpoint_flags flags = { 0 };
	struct endpoint_list list = { 0 };
	struct ping ping = {
		.interval = NSEC_PER_SEC, .size = 64, .patience = 5 * NSEC_PER_SEC, .first = -1
	};
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
		  .take = take_number, .target = &ping.size,
		  .least = PROBE_LEAST, .most = MOST_BYTES },
		{ .letter = 'W', .name = "wait", .argument = "SECONDS",
		  .help = "for connecting and for the last replies (default 5)",
		  .take = take_seconds, .target = &ping.patience, .least = 0, .most = 86400 },
		{ .letter = 'q', .name = "quiet", .help = "print the statistics alone",
		  .take = take_true, .target = &ping.quiet },
		{ .name = "json", .help = "print one JSON object instead",
		  .take = take_true, .target = &ping.json },
		{ .name = "spin", .help = "look for replies without sleeping",
		  .take = take_true, .target = &ping.spin },
		{ .name = "congestion", .argument = "NAME", .help = "TCP congestion control",
		  .take = take_text, .target = &ping.congestion },
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
	    secret_check(&ping.secret, &list, &error) == -1 ||
	    secret_load(&ping.secret, &ping.keys, &error) == -1) {
		endpoint_list_free(&list);
		return command_fail(&error);
	}
	struct load_result *result = malloc(sizeof(*result));
	int status = -1;
	/* of a name's addresses the first one that is there */
	for (size_t i = 0; result && i < list.count; i++) {
		ping.endpoint = list.items[i];
		status = ping_endpoint(&ping, result, &error);
		if (status == 0 || error.status == STATUS_BAD ||
		    error.status == STATUS_PROTOCOL || error.status == STATUS_DATA)
			break;
	}
	if (!result)
		error_set(&error, STATUS_SYSTEM, "ping: no memory");
	free(result);
	secret_forget(&ping.secret);
	endpoint_list_free(&list);
	return status == -1 ? command_fail(&error) : STATUS_OK;
}

const struct command command_ping = {
	.name = "ping",
	.operands = "[ENDPOINT]",
	.summary = "round-trip time and loss of an echo service, every reply verified",
	.run = run,
};
