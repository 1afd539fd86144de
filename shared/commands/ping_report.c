#include "commands/ping_report.h"

#include "base/statistics.h"
#include "commands/json_text.h"
#include "commands/standard.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t requested;

static void on_quit(int number)
{
	(void)number;
	requested = 1;
}

void ping_report_on_request(void)
{
	struct sigaction action = { .sa_handler = on_quit, .sa_flags = SA_RESTART };
	sigemptyset(&action.sa_mask);
	sigaction(SIGQUIT, &action, NULL);
}

void ping_report_begin(struct ping_report *report, const struct endpoint *endpoint)
{
	report->connected = endpoint->kind->connected;
	report->first = -1;
	endpoint_format(endpoint, report->name);
	circumstances_begin(&report->circumstances);
	if (report->json)
		return;
	printf("PING %s %" PRId64 " bytes of data\n", report->name, report->size);
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

/* As ping(8) does: seconds of the Epoch. */
static void print_stamp(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	printf("[%lld.%06ld] ", (long long)now.tv_sec, now.tv_nsec / 1000);
}

void ping_report_reply(void *context, const struct load_reply *reply)
{
	static const char *const remarks[] = { "", " DAMAGED", " DUPLICATE" };
	struct ping_report *report = context;
	record(report, reply);
	if (report->quiet || report->json)
		return;
	if (report->stamps)
		print_stamp();
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
		printf(", \"connect_ns\": %" PRId64 ", ", result->connect);
	else
		printf(", \"connect_ns\": null, ");
	circumstances_write(stdout, &report->circumstances);
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

/* On standard error as ping(8) does: what reads the replies is not disturbed. */
void ping_report_progress(void *context, int64_t elapsed, const struct load_result *so_far,
			  double share)
{
	const struct ping_report *report = context;
	const struct histogram *times = &so_far->service;
	(void)elapsed, (void)share;
	if (!requested)
		return;
	requested = 0;
	standard_push();
	fprintf(stderr,
		"%s%" PRIu64 " sent, %" PRIu64 " received, %" PRIu64 " lost, %" PRIu64
		" duplicate, %" PRIu64 " reordered, %" PRIu64 " damaged",
		isatty(STDERR_FILENO) ? "\r" : "", so_far->sent, so_far->messages + so_far->damaged,
		so_far->lost, so_far->duplicates, report->reordered, so_far->damaged);
	if (times->count > 0)
		fprintf(stderr, ", rtt min/avg/max = %.3f/%.3f/%.3f ms", (double)times->min / 1e6,
			histogram_mean(times) / 1e6, (double)times->max / 1e6);
	fputc('\n', stderr);
}

void ping_report_end(const struct ping_report *report, const struct load_result *result)
{
	/* after the ^C that the terminal shows */
	if (!report->json && result->stopped && isatty(STDOUT_FILENO))
		putchar('\n');
	if (report->json)
		print_json(report, result);
	else
		print_statistics(report, result);
}
