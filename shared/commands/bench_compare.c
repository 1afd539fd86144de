#include "commands/bench_compare.h"

#include "base/statistics.h"
#include "commands/bench_read.h"

#include <stdio.h>
#include <string.h>

static const char *verdict(const struct interval *ratio, unsigned rounds)
{
	if (rounds < 2)
		return "no difference shown (too few rounds)";
	if (ratio->low > 1)
		return "faster";
	return ratio->high < 1 ? "slower" : "no difference shown";
}

/* Returns whether it is slower than is tolerated, and that is shown. */
static bool compare(const struct bench_result *base, const struct bench_result *new,
		    double tolerance, int width)
{
	struct interval ratio =
		statistics_ratio(new->rates, new->rounds, base->rates, base->rounds);
	unsigned rounds = new->rounds < base->rounds ? new->rounds : base->rounds;
	printf("%-*s %8.3f  [%.3f, %.3f]  %s\n", width, new->name, ratio.value, ratio.low,
	       ratio.high, verdict(&ratio, rounds));
	return rounds >= 2 && ratio.high < 1 && ratio.value < 1 - tolerance;
}

/* What is measured otherwise cannot be compared. */
static int check_alike(const struct bench *base, const struct bench *new, struct error *error)
{
	const char *what = NULL;
	if (base->size != new->size)
		what = "size";
	else if (base->depth != new->depth)
		what = "depth";
	else if (base->connections != new->connections)
		what = "connections";
	else if (base->rate != new->rate)
		what = "rate";
	return what ? error_set(error, STATUS_DATA, "%s is not the first file's", what) : 0;
}

static int widest(const struct bench *bench)
{
	int width = 16;
	for (size_t i = 0; i < bench->count; i++) {
		int length = (int)strlen(bench->results[i]->name);
		width = length > width ? length : width;
	}
	return width;
}

/* Every server of ours has another port each time: what stands at the same place is compared. */
static const struct bench_result *partner(const struct bench *base, const struct bench *new,
					  size_t i)
{
	const struct bench_result *result = new->results[i];
	const struct bench_result *named = bench_find(base, result->name);
	if (named)
		return named;
	if (i < base->count && strcmp(base->results[i]->family, result->family) == 0 &&
	    strcmp(base->results[i]->type, result->type) == 0 &&
	    !bench_find(new, base->results[i]->name))
		return base->results[i];
	return NULL;
}

static int compare_all(const struct bench *base, const struct bench *new, double tolerance,
		       struct error *error)
{
	size_t compared = 0;
	bool slower = false;
	if (check_alike(base, new, error) == -1)
		return -1;
	printf("%-*s %8s  %s\n", widest(new), "ENDPOINT", "ratio", "95 % interval");
	for (size_t i = 0; i < new->count; i++) {
		const struct bench_result *from = partner(base, new, i);
		if (!from) {
			printf("%-*s  not in the first file\n", widest(new), new->results[i]->name);
			continue;
		}
		slower |= compare(from, new->results[i], tolerance, widest(new));
		compared++;
	}
	if (compared == 0)
		return error_set(error, STATUS_DATA, "it has no endpoint of the first file's");
	return slower ? STATUS_BAD : STATUS_OK;
}

static int compare_file(const struct bench *base, const char *path, double tolerance,
			struct error *error)
{
	struct bench new;
	struct error why;
	bool cut;
	if (bench_read(path, &new, &cut, &why) == -1)
		return error_set(error, why.status, "bench: --compare %s", why.text);
	int result = compare_all(base, &new, tolerance, &why);
	bench_free(&new);
	return result == -1 ? error_set(error, why.status, "bench: --compare %.300s: %.300s", path,
					why.text)
			    : result;
}

int bench_compare(char **paths, double tolerance, struct error *error)
{
	struct bench base;
	struct error why;
	bool cut;
	if (!paths[0] || !paths[1])
		return error_set(error, STATUS_USAGE,
				 "bench: --compare: BASE and at least one NEW file are needed");
	if (bench_read(paths[0], &base, &cut, &why) == -1)
		return error_set(error, why.status, "bench: --compare %s", why.text);
	int worst = STATUS_OK;
	for (size_t i = 1; paths[i] && worst != -1; i++) {
		if (paths[2])
			printf("%s%s:\n", i > 1 ? "\n" : "", paths[i]);
		int status = compare_file(&base, paths[i], tolerance, error);
		worst = status != STATUS_OK ? status : worst;
	}
	bench_free(&base);
	return worst;
}
