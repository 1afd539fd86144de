#include "commands/ping_report.h"

#include "base/statistics.h"
#include "commands/json_text.h"
#include "commands/standard.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

void ping_report_begin(struct ping_report *report, const struct endpoint *endpoint, int64_t size,
		       bool quiet, bool json)
{
	*report = (struct ping_report){ .connected = endpoint->kind->connected,
					.size = size,
					.quiet = quiet,
					.json = json,
					.first = -1 };
	endpoint_format(endpoint, report->name);
	if (json)
		return;
	printf("PING %s %" PRId64 " bytes of data\n", report->name, size);
	standard_push();
}

/* Takes note of how long it took and in which turn it came. */
static void record(struct ping_report *report, const struct load_reply *reply)
{
	if (reply->state != LOAD_DUPLICATE) {
		if (reply->number < report->next)
			report->reordered++;
		else
			report->next = reply->number + 1;
	}
	if (reply->state == LOAD_RIGHT) {
		if (report->first < 0)
			report->first = (double)reply->service;
		double offset = (double)reply->service - report->first;
		report->sum += offset;
		report->squares += offset * offset;
	}
}

void ping_report_reply(void *context, const struct load_reply *reply)
{
	static const char *const remarks[] = { "", " DAMAGED", " DUPLICATE" };
	struct ping_report *report = context;
	record(report, reply);
	if (report->quiet || report->json)
		return;
	printf("%" PRId64 " bytes from %s: seq=%" PRIu64 " time=%.3f ms%s\n", report->size,
	       report->name, reply->number + 1, (double)reply->service / 1e6,
	       remarks[reply->state]);
	if (!standard_push())
		raise(SIGTERM); /* nobody hears more: it ends in order, as if it had been stopped */
}

/* The standard deviation, ping(8)'s mdev. */
static double deviation(const struct ping_report *report, uint64_t count)
{
	double mean = report->sum / (double)count;
	double variance = report->squares / (double)count - mean * mean;
	return statistics_square_root(variance);
}

static void print_statistics(const struct ping_report *report, const struct load_result *result)
{
	const struct histogram *times = &result->service;
	printf("--- %s ping statistics ---\n"
	       "%" PRIu64 " sent, %" PRIu64 " received, %" PRIu64 " lost, %" PRIu64 " duplicate, "
	       "%" PRIu64 " reordered, %" PRIu64 " damaged\n",
	       report->name, result->sent, result->sent - result->lost, result->lost,
	       result->duplicates, report->reordered, result->damaged);
	if (result->refused + result->unreachable > 0)
		printf("of the lost %" PRIu64 " refused, %" PRIu64 " unreachable, %" PRIu64
		       " silent\n",
		       result->refused, result->unreachable,
		       result->lost - result->refused - result->unreachable);
	if (report->connected)
		printf("connected in %.3f ms\n", (double)result->connect / 1e6);
	if (times->count == 0)
		return;
	printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms, p50/p90/p99 = %.3f/%.3f/%.3f ms\n",
	       (double)times->min / 1e6, histogram_mean(times) / 1e6, (double)times->max / 1e6,
	       deviation(report, times->count) / 1e6, (double)histogram_percentile(times, 50) / 1e6,
	       (double)histogram_percentile(times, 90) / 1e6,
	       (double)histogram_percentile(times, 99) / 1e6);
}

static void print_json(const struct ping_report *report, const struct load_result *result)
{
	const struct histogram *times = &result->service;
	printf("{\"schema\": \"sockfam-ping/1\", \"endpoint\": ");
	json_text_write_string(stdout, report->name);
	printf(", \"sent\": %" PRIu64 ", \"received\": %" PRIu64 ", \"lost\": %" PRIu64
	       ", \"duplicate\": %" PRIu64 ", \"reordered\": %" PRIu64 ", \"damaged\": %" PRIu64,
	       result->sent, result->sent - result->lost, result->lost, result->duplicates,
	       report->reordered, result->damaged);
	printf(", \"refused\": %" PRIu64 ", \"unreachable\": %" PRIu64 ", \"silent\": %" PRIu64,
	       result->refused, result->unreachable,
	       result->lost - result->refused - result->unreachable);
	if (report->connected)
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
	       times->min, histogram_mean(times), times->max, deviation(report, times->count),
	       histogram_percentile(times, 50), histogram_percentile(times, 90),
	       histogram_percentile(times, 99));
}

void ping_report_end(const struct ping_report *report, const struct load_result *result)
{
	if (report->json)
		print_json(report, result);
	else
		print_statistics(report, result);
}
