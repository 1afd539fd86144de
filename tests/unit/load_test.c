#include "load/load.h"

#include "base/clock.h"
#include "commands/bench_result.h"
#include "net/notation.h"
#include "server/background.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct load_result result, sum;
static int never; /* a descriptor that never becomes readable */

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(2);
}

static struct bench_result *with_rates(const double *rates, unsigned rounds)
{
	struct bench_result *made = calloc(1, sizeof(*made));
	must(made != NULL, "calloc");
	made->rounds = rounds;
	memcpy(made->rates, rates, rounds * sizeof(*rates));
	return made;
}

static double ratio(const double *of, unsigned of_rounds, const double *to, unsigned to_rounds)
{
	struct bench_result *a = with_rates(of, of_rounds), *b = with_rates(to, to_rounds);
	double value = bench_ratio(a, b);
	free(a);
	free(b);
	return value;
}

static void check_ratio(void)
{
	static const double same[] = { 100, 100, 100, 100 };
	static const double drift[] = { 50, 400, 200 }, twice[] = { 100, 800, 400 };
	static const double wild[] = { 1, 300, 200, 100000 };
	static const double gap[] = { 0, 100, 100 }, some[] = { 900, 200, 400 };
	check(ratio(same, 3, same, 3) == 1, "the ratio of the first one to itself is 1");
	check(ratio(twice, 3, drift, 3) == 2, "round by round: if the machine drifts, both do");
	check(ratio(wild, 3, same, 3) == 2, "the median of three");
	check(ratio(wild, 4, same, 4) == 2.5, "the median of four is between the middle ones");
	check(ratio(wild, 2, same, 4) == 1.505, "only rounds that both have");
	check(ratio(some, 3, gap, 3) == 3, "a round in which the first had nothing says nothing");

	struct bench_result *a = with_rates(same, 0), *b = with_rates(same, 0);
	a->load.messages = 300;
	b->load.messages = 100;
	a->load.elapsed = b->load.elapsed = NSEC_PER_SEC;
	check(bench_ratio(a, b) == 3, "without rounds: the ratio of the rates as a whole");
	b->load.messages = 0;
	check(bench_ratio(a, b) == 0, "to nothing: 0, no NaN and no infinity");
	b->load.elapsed = 0;
	check(bench_rate(b) == 0 && bench_ratio(b, b) == 0, "no time at all: 0 as well");
	free(a);
	free(b);
}

static void fill(struct load_result *one, uint64_t base, const char *why)
{
	load_result_init(one);
	one->messages = base + 1;
	one->bytes = base + 2;
	one->lost = base + 3;
	one->damaged = base + 4;
	one->duplicates = base + 5;
	one->warmup = base + 6;
	one->broken = base + 7;
	one->sent = base + 8;
	one->elapsed = (int64_t)base + 9;
	one->cpu = (int64_t)base + 10;
	one->connect = (int64_t)base + 11;
	if (why)
		error_set(&one->trouble, STATUS_BAD, "%s", why);
	histogram_record(&one->response, (int64_t)base + 12);
	histogram_record(&one->service, (int64_t)base + 13);
}

static void check_add(void)
{
	load_result_init(&sum);
	check(sum.messages == 0 && sum.trouble.status == STATUS_OK && !sum.stopped &&
		      sum.response.count == 0,
	      "a result of nothing");
	fill(&result, 1000, NULL);
	load_result_add(&sum, &result);
	fill(&result, 200, "the first trouble");
	result.stopped = true;
	load_result_add(&sum, &result);
	fill(&result, 30, "the second");
	load_result_add(&sum, &result);
	check(sum.messages == 1233 && sum.bytes == 1236 && sum.lost == 1239 &&
		      sum.damaged == 1242 && sum.duplicates == 1245 && sum.warmup == 1248 &&
		      sum.broken == 1251 && sum.sent == 1254,
	      "counts are added up");
	check(sum.elapsed == 1257 && sum.cpu == 1260, "times are added up");
	check(sum.connect == 1011, "the slowest connection's time is kept");
	check(sum.stopped, "if one was stopped, the sum was");
	check(strcmp(sum.trouble.text, "the first trouble") == 0, "the first trouble is kept");
	check(sum.response.count == 3 && sum.response.min == 42 && sum.response.max == 1012 &&
		      sum.service.min == 43 && sum.service.max == 1013,
	      "histograms are merged");
}

/* An echo server in the background, and its endpoint. */
static struct background *start_echo(const char *operand, struct endpoint *endpoint)
{
	static struct server_options options;
	struct endpoint_flags flags = { 0 };
	struct endpoint_list list = { 0 };
	struct error error;
	options = (struct server_options){
		.listening = { .backlog = 100, .mode = 0600 },
		.plan = { .form = reply_form_echo },
		.max_connections = 100,
		.workers = 1,
		.drain = NSEC_PER_SEC,
	};
	struct server *server = server_new(&options, &error);
	must(server && endpoint_parse(operand, &flags, &list, &error) == 0, operand);
	*endpoint = list.items[0];
	endpoint_list_free(&list);
	must(server_listen(server, endpoint, &error) == 0, operand);
	struct background *background = background_start(server, &error);
	must(background != NULL, "background_start");
	return background;
}

/* Returns how many messages it says that it has served. */
static uint64_t stop_echo(struct background *background)
{
	struct server_totals totals;
	background_stop(background, &totals);
	return totals.messages;
}

static struct load_options plain(void)
{
	return (struct load_options){
		.client = { .timeout = 5 * NSEC_PER_SEC },
		.connections = 1,
		.threads = 1,
		.depth = 1,
		.size = 64,
		.duration = NEVER,
		.patience = NSEC_PER_SEC,
		.grace = 2 * NSEC_PER_SEC,
		.stop = never,
	};
}

struct seen {
	unsigned right, damaged, duplicate;
	int64_t slowest;
};

static void on_reply(void *context, const struct load_reply *reply)
{
	struct seen *seen = context;
	seen->right += reply->state == LOAD_RIGHT;
	seen->damaged += reply->state == LOAD_DAMAGED;
	seen->duplicate += reply->state == LOAD_DUPLICATE;
	if (reply->service > seen->slowest)
		seen->slowest = reply->service;
}

/* All that was asked for came back, and the figures agree with each other. */
static bool in_order(const struct load_options *options, uint64_t messages)
{
	return result.messages == messages && result.sent == messages && result.lost == 0 &&
	       result.damaged == 0 && result.duplicates == 0 && result.broken == 0 &&
	       result.bytes == messages * options->size && !result.stopped &&
	       result.trouble.status == STATUS_OK && result.response.count == messages &&
	       result.service.count == messages && result.elapsed > 0;
}

static void check_counts(const char *operand)
{
	static const struct {
		unsigned connections, threads, depth;
		uint64_t messages;
		size_t size;
	} cases[] = {
		{ 1, 1, 1, 1, 8 },     { 1, 1, 1, 100, 64 },   { 3, 1, 1, 100, 64 },
		{ 3, 2, 4, 101, 300 }, { 8, 8, 16, 1001, 64 }, { 5, 5, 1, 3, 64 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct endpoint endpoint;
		struct error error = { .text = "" };
		struct background *echo = start_echo(operand, &endpoint);
		struct load_options options = plain();
		struct seen seen = { 0 };
		options.connections = cases[i].connections;
		options.threads = cases[i].threads;
		options.depth = cases[i].depth;
		options.messages = cases[i].messages;
		options.size = cases[i].size;
		options.context = &seen;
		options.replied = options.threads == 1 ? on_reply : NULL;
		int status = load_run(&endpoint, &options, &result, &error);
		uint64_t served = stop_echo(echo);
		check(status == 0 && in_order(&options, cases[i].messages) && result.warmup == 0,
		      "%s: %llu messages over %u connections of %u threads, %u deep: %llu, %s",
		      operand, (unsigned long long)cases[i].messages, cases[i].connections,
		      cases[i].threads, cases[i].depth, (unsigned long long)result.messages,
		      error.text);
		/* on a stream the server may read several in flight at once */
		check(served == cases[i].messages ||
			      (endpoint.kind == kind_stream && cases[i].depth > 1),
		      "%s: the server had as many: %llu", operand, (unsigned long long)served);
		check(!options.replied || (seen.right == cases[i].messages && !seen.damaged &&
					   !seen.duplicate && seen.slowest == result.service.max),
		      "%s: each reply was reported", operand);
	}
}

/* Messages fall due at even intervals; exactly those that are due after the warm-up count. */
static void check_rate(const char *operand, unsigned connections, unsigned threads)
{
	struct endpoint endpoint;
	struct error error = { .text = "" };
	struct background *echo = start_echo(operand, &endpoint);
	struct load_options options = plain();
	options.connections = connections;
	options.threads = threads;
	options.rate = 1000;
	options.warmup = 100 * NSEC_PER_MSEC;
	options.duration = 200 * NSEC_PER_MSEC;
	int status = load_run(&endpoint, &options, &result, &error);
	uint64_t served = stop_echo(echo);
	check(status == 0 && in_order(&options, 200),
	      "%s: 200 ms of 1000/s over %u connections are 200: %llu, %s", operand, connections,
	      (unsigned long long)result.messages, error.text);
	check(result.warmup == 100 && (served == 300 || endpoint.kind == kind_stream),
	      "%s: 100 before them, and the server had all: %llu, %llu", operand,
	      (unsigned long long)result.warmup, (unsigned long long)served);
	check(result.elapsed <= options.duration + NSEC_PER_SEC &&
		      result.elapsed >= 198 * NSEC_PER_MSEC,
	      "%s: it took as long as it should: %lld ns", operand, (long long)result.elapsed);
	check(result.response.max >= result.service.max && result.response.min >= 0,
	      "%s: the time since it was due is no shorter than the time since it was sent",
	      operand);
}

static void check_rate_and_number(void)
{
	struct endpoint endpoint;
	struct error error = { .text = "" };
	struct background *echo = start_echo("inet:127.0.0.1:0", &endpoint);
	struct load_options options = plain();
	options.connections = 3;
	options.rate = 1000;
	options.messages = 50;
	options.warmup = 20 * NSEC_PER_MSEC;
	int status = load_run(&endpoint, &options, &result, &error);
	check(status == 0 && in_order(&options, 50) && result.warmup == 20,
	      "a rate and a number: 50 after 20 that do not count: %llu, %llu",
	      (unsigned long long)result.messages, (unsigned long long)result.warmup);
	stop_echo(echo);
}

/* Stopped before its time, it returns at once, with what there is. */
static void check_stop(void)
{
	int ends[2];
	struct endpoint endpoint;
	struct error error = { .text = "" };
	struct background *echo = start_echo("inet:127.0.0.1:0", &endpoint);
	struct load_options options = plain();
	must(pipe(ends) == 0 && write(ends[1], "", 1) == 1, "pipe");
	options.stop = ends[0];
	options.duration = 60 * NSEC_PER_SEC;
	int64_t start = clock_now();
	int status = load_run(&endpoint, &options, &result, &error);
	check(status == 0 && result.stopped && result.lost == 0 && result.sent == result.messages,
	      "stopped: nothing is lost by that");
	check(clock_now() - start < 5 * NSEC_PER_SEC, "and it ends at once");
	close(ends[0]);
	close(ends[1]);
	stop_echo(echo);

	options.stop = never;
	check(load_run(&endpoint, &options, &result, &error) == -1 && error.status == STATUS_NOBODY,
	      "nobody there: it cannot begin");
}

int main(void)
{
	static const char *const operands[] = {
		"inet:127.0.0.1:0", "inet+dgram:127.0.0.1:0", "unix:s",
		"unix+dgram:d",     "unix+seqpacket:q",
	};
	char folder[] = "/tmp/sockfam-load.XXXXXX";
	int ends[2];
	must(mkdtemp(folder) && chdir(folder) == 0 && pipe(ends) == 0, folder);
	never = ends[0];
	check_ratio();
	check_add();
	for (size_t i = 0; i < sizeof(operands) / sizeof(*operands); i++) {
		check_counts(operands[i]);
		check_rate(operands[i], 1, 1);
		check_rate(operands[i], 3, 2);
	}
	check_rate_and_number();
	check_stop();
	must(chdir("/") == 0, "/");
	check(rmdir(folder) == 0, "no file is left behind");
	return check_done();
}
