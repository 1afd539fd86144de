#include "commands/bench_table.h"

#include <inttypes.h>
#include <stdio.h>

/* A time in microseconds, in eight columns. */
static void print_time(int64_t ns)
{
	double us = (double)ns / 1e3;
	if (ns < 0)
		printf(" %8s", "-");
	else
		printf(us < 1000 ? " %8.1f" : " %8.0f", us);
}

static void print_times(const struct histogram *times)
{
	static const double percentiles[] = { 50, 90, 99, 99.9, 100 };
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(*percentiles); i++)
		print_time(histogram_percentile(times, percentiles[i]));
}

static int widest(const struct bench *bench)
{
	int width = 16;
	for (size_t i = 0; i < bench->count; i++) {
		int length = (int)snprintf(NULL, 0, "%s", bench->results[i]->name);
		width = length > width ? length : width;
	}
	return width;
}

static void print_row(const struct bench *bench, size_t i, int width)
{
	const struct bench_result *result = bench->results[i];
	const struct load_result *load = &result->load;
	double seconds = (double)load->elapsed / 1e9;
	if (!bench->complete && !bench->merged && result->rounds == 0) {
		printf("%-*s  not measured\n", width, result->name);
		return;
	}
	printf("%-*s %11.0f %8.1f", width, result->name, bench_rate(result),
	       seconds > 0 ? (double)load->bytes / 1e6 / seconds : 0);
	print_times(&load->response);
	printf(" %7" PRIu64 " %7" PRIu64, load->lost, load->damaged);
	printf(" %5.0f%%", seconds > 0 ? (double)load->cpu / 1e9 / seconds * 100 : 0);
	if (bench->count > 1)
		printf(" %7.2f", bench_ratio(result, bench->results[0]));
	putchar('\n');
	if (bench->rate > 0) {
		printf("%-*s %11s %8s", width, "  service time", "", "");
		print_times(&load->service);
		putchar('\n');
	}
}

void bench_table_print(const struct bench *bench)
{
	int width = widest(bench);
	printf("%" PRId64 " bytes, %" PRId64 " connection%s, %" PRId64 " in flight on each, ",
	       bench->size, bench->connections, bench->connections == 1 ? "" : "s", bench->depth);
	if (bench->rate > 0)
		printf("%.10g messages/s in all, due at even intervals; times in us\n",
		       bench->rate);
	else
		printf("each sent when one is back; times in us\n");
	printf("%-*s %11s %8s %8s %8s %8s %8s %8s %7s %7s %6s%s\n", width, "ENDPOINT", "messages/s",
	       "MB/s", "p50", "p90", "p99", "p99.9", "max", "lost", "damaged", "CPU",
	       bench->count > 1 ? "   ratio" : "");
	for (size_t i = 0; i < bench->count; i++)
		print_row(bench, i, width);
	if (bench->missing > 0)
		printf("partial: of %" PRId64 " files %u are missing\n",
		       bench->merged + bench->missing, bench->missing);
	else if (!bench->complete)
		puts("partial: stopped before its time");
}
