#include "commands/bench_merge.h"

#include "commands/bench_read.h"

#include <stdio.h>
#include <string.h>

/* Such sums are printed as numbers of connections and the like. */
#define SUM_MOST (INT64_C(1) << 53)

static int add_result(struct bench *bench, const struct bench_result *from, struct error *error)
{
	struct bench_result *result = bench_find(bench, from->name);
	if (!result) {
		result = bench_add(bench, error);
		if (!result)
			return -1;
		memcpy(result->name, from->name, sizeof(result->name));
	}
	memcpy(result->family, from->family, sizeof(result->family));
	memcpy(result->type, from->type, sizeof(result->type));
	return bench_read_add(&result->load, &from->load, error);
}

static int add(int64_t *sum, int64_t number, const char *name, struct error *error)
{
	if (*sum > SUM_MOST - number)
		return error_set(error, STATUS_DATA, "with it the sum of %s is too great", name);
	*sum += number;
	return 0;
}

/* What adds up is added up; of the rest, the same or of no matter, the last one stands. */
static int add_settings(struct bench *bench, const struct bench *file, struct error *error)
{
	if (bench->merged == 0) {
		bench->connections = bench->threads = bench->messages = 0;
		bench->rate = 0;
	} else if (file->size != bench->size || file->depth != bench->depth ||
		   (file->rate > 0) != (bench->rate > 0)) {
		return error_set(error, STATUS_DATA,
				 "another size, depth or kind of loop than the first file: these "
				 "do not add up");
	}
	bench->duration = file->duration;
	bench->size = file->size;
	bench->depth = file->depth;
	bench->rounds = file->rounds;
	bench->warmup = file->warmup;
	bench->spin = file->spin;
	bench->rate += file->rate;
	bench->complete &= file->complete;
	bench->merged++;
	if (add(&bench->connections, file->connections, "connections", error) == -1 ||
	    add(&bench->threads, file->threads, "threads", error) == -1 ||
	    add(&bench->messages, file->messages, "messages", error) == -1)
		return -1;
	return 0;
}

static int merge_file(struct bench *bench, const struct bench *file, struct error *error)
{
	if (add_settings(bench, file, error) == -1)
		return -1;
	for (size_t i = 0; i < file->count; i++)
		if (add_result(bench, file->results[i], error) == -1)
			return -1;
	return 0;
}

int bench_merge(struct bench *bench, char **paths, struct error *error)
{
	bench->complete = true;
	for (; *paths; paths++) {
		struct bench file;
		struct error why;
		bool cut;
		if (bench_read(*paths, &file, &cut, &why) == -1) {
			if (!cut)
				return error_set(error, why.status, "bench: --merge %s", why.text);
			fprintf(stderr, "sockfam: bench: --merge %s: counted as missing\n",
				why.text);
			bench->missing++;
			bench->complete = false;
			continue;
		}
		int result = merge_file(bench, &file, &why);
		bench_free(&file);
		if (result == -1)
			return error_set(error, why.status, "bench: --merge %.300s: %.300s", *paths,
					 why.text);
	}
	return bench->merged > 0 ? 0
				 : error_set(error, STATUS_DATA,
					     "bench: --merge: none of the files holds anything");
}
