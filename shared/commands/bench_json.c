#include "commands/bench_json.h"

#include "commands/json_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int put(void *stream, const char *text, size_t length)
{
	return fwrite(text, 1, length, stream) == length ? 0 : -1;
}

static void write_times(FILE *stream, const char *name, const struct histogram *times)
{
	fprintf(stream, ",\n   \"%s\": ", name);
	if (times->count == 0) {
		fputs("null", stream);
		return;
	}
	fprintf(stream,
		"{\"min\": %" PRId64 ", \"mean\": %.0f, \"p50\": %" PRId64 ", \"p90\": %" PRId64
		", \"p99\": %" PRId64 ", \"p999\": %" PRId64 ", \"max\": %" PRId64 "}",
		times->min, histogram_mean(times), histogram_percentile(times, 50),
		histogram_percentile(times, 90), histogram_percentile(times, 99),
		histogram_percentile(times, 99.9), times->max);
}

static void write_histogram(FILE *stream, const char *name, const struct histogram *times)
{
	fprintf(stream, ",\n   \"%s\": \"", name);
	histogram_write(times, put, stream);
	putc('"', stream);
}

static void write_result(FILE *stream, const struct bench_result *result)
{
	const struct load_result *load = &result->load;
	fputs("  {\"endpoint\": ", stream);
	json_text_write_string(stream, result->name);
	fprintf(stream, ", \"family\": \"%s\", \"type\": \"%s\",\n", result->family, result->type);
	fprintf(stream,
		"   \"messages\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"elapsed_ns\": %" PRId64
		", \"messages_per_second\": %.3f,\n"
		"   \"sent\": %" PRIu64 ", \"lost\": %" PRIu64 ", \"damaged\": %" PRIu64
		", \"duplicate\": %" PRIu64 ", \"broken\": %" PRIu64 ",\n   \"refused\": %" PRIu64
		", \"unreachable\": %" PRIu64 ", \"silent\": %" PRIu64
		", \"warmup_messages\": %" PRIu64 ",\n   \"client_cpu_ns\": %" PRId64
		", \"connect_ns\": %" PRId64 ", \"rounds_messages_per_second\": [",
		load->messages, load->bytes, load->elapsed, bench_rate(result), load->sent,
		load->lost, load->damaged, load->duplicates, load->broken, load->refused,
		load->unreachable, load->lost - load->refused - load->unreachable, load->warmup,
		load->cpu, load->connect);
	for (unsigned i = 0; i < result->rounds; i++)
		fprintf(stream, "%s%.3f", i ? ", " : "", result->rates[i]);
	putc(']', stream);
	write_times(stream, "response_ns", &load->response);
	write_times(stream, "service_ns", &load->service);
	write_histogram(stream, "histogram", &load->response);
	write_histogram(stream, "service_histogram", &load->service);
	putc('}', stream);
}

void bench_json_write(FILE *stream, const struct bench *bench)
{
	fprintf(stream,
		"{\"schema\": \"" BENCH_JSON_SCHEMA "\", \"complete\": %s, \"merged\": %" PRId64
		", \"missing\": %u,\n \"settings\": {"
		"\"connections\": %" PRId64 ", \"size\": %" PRId64 ", \"depth\": %" PRId64 ", ",
		bench->complete ? "true" : "false", bench->merged, bench->missing,
		bench->connections, bench->size, bench->depth);
	if (bench->duration == NEVER)
		fputs("\"duration_ns\": null, ", stream);
	else
		fprintf(stream, "\"duration_ns\": %" PRId64 ", ", bench->duration);
	fprintf(stream,
		"\"messages\": %" PRId64 ", \"rate\": %.3f, \"warmup_ns\": %" PRId64
		", \"rounds\": %" PRId64 ", \"threads\": %" PRId64
		", \"spin\": %s, \"congestion\": ",
		bench->messages, bench->rate, bench->warmup, bench->rounds, bench->threads,
		bench->spin ? "true" : "false");
	if (bench->congestion)
		json_text_write_string(stream, bench->congestion);
	else
		fputs("null", stream);
	fputs("},\n ", stream);
	if (bench->merged)
		circumstances_write_unknown(stream);
	else
		circumstances_write(stream, &bench->circumstances);
	fputs(",\n \"results\": [\n", stream);
	for (size_t i = 0; i < bench->count; i++) {
		write_result(stream, bench->results[i]);
		fputs(i + 1 < bench->count ? ",\n" : "\n", stream);
	}
	fputs(" ]}\n", stream);
}
