#include "commands/bench_result.h"

#include "base/statistics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct bench_result *bench_add(struct bench *bench, struct error *error)
{
	struct bench_result **results =
		realloc(bench->results, (bench->count + 1) * sizeof(*results));
	struct bench_result *result = calloc(1, sizeof(*result));
	if (results)
		bench->results = results;
	if (!results || !result) {
		error_system(error, STATUS_SYSTEM, errno, "bench");
		free(result);
		return NULL;
	}
	load_result_init(&result->load);
	results[bench->count++] = result;
	return result;
}

struct bench_result *bench_find(const struct bench *bench, const char *name)
{
	for (size_t i = 0; i < bench->count; i++)
		if (strcmp(bench->results[i]->name, name) == 0)
			return bench->results[i];
	return NULL;
}

void bench_free(struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++)
		free(bench->results[i]);
	free(bench->results);
}

double bench_rate_of(const struct load_result *load)
{
	return load->elapsed > 0 ? (double)load->messages * 1e9 / (double)load->elapsed : 0;
}

double bench_rate(const struct bench_result *result)
{
	return bench_rate_of(&result->load);
}

double bench_ratio(const struct bench_result *result, const struct bench_result *first)
{
	double ratios[BENCH_ROUNDS_MOST];
	unsigned count = 0;
	for (unsigned i = 0; i < result->rounds && i < first->rounds; i++)
		if (first->rates[i] > 0)
			ratios[count++] = result->rates[i] / first->rates[i];
	if (count == 0)
		return bench_rate(first) > 0 ? bench_rate(result) / bench_rate(first) : 0;
	return statistics_median(ratios, count);
}
