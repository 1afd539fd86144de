#include "commands/bench_files.h"

#include "commands/standard.h"
#include "plot/plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int put(void *stream, const char *text, size_t length)
{
	return fwrite(text, 1, length, stream) == length ? 0 : -1;
}

/*
 * DIR/NAME.EXT becomes DIR/NAME-FAMILY-TYPE.EXT, where several endpoints need a file each, with a
 * number for the second of a kind and so on.
 */
static char *name_file(const struct bench *bench, const struct bench_result *result,
		       const char *path)
{
	size_t room = strlen(path) + 60;
	char number[20] = "";
	for (size_t i = 0, same = 1; bench->results[i] != result; i++)
		if (strcmp(bench->results[i]->family, result->family) == 0 &&
		    strcmp(bench->results[i]->type, result->type) == 0)
			snprintf(number, sizeof(number), "-%zu", ++same);
	char *name = malloc(room);
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');
	int stem = dot ? (int)(dot - path) : (int)strlen(path);
	if (name && bench->count == 1)
		snprintf(name, room, "%s", path);
	else if (name)
		snprintf(name, room, "%.*s-%s-%s%s%s", stem, path, result->family, result->type,
			 number, dot ? dot : "");
	return name;
}

static int open_hgrm(struct bench *bench, struct error *error)
{
	for (size_t i = 0; i < bench->count; i++) {
		char *name = name_file(bench, bench->results[i], bench->hgrm);
		int result = name ? output_file_open(&bench->results[i]->hgrm, name, error)
				  : error_system(error, STATUS_SYSTEM, errno, "%s", bench->hgrm);
		free(name);
		if (result == -1)
			return -1;
	}
	return 0;
}

int bench_files_open(struct bench *bench, struct error *error)
{
	if (standard_check(error) == -1 || (bench->hgrm && open_hgrm(bench, error) == -1) ||
	    (bench->svg && output_file_open(&bench->picture, bench->svg, error) == -1)) {
		bench_files_drop(bench);
		return -1;
	}
	return 0;
}

static int write_svg(struct bench *bench, struct error *error)
{
	struct plot_curve *curves = calloc(bench->count, sizeof(*curves));
	char title[200];
	if (!curves)
		return error_system(error, STATUS_SYSTEM, errno, "%s", bench->svg);
	for (size_t i = 0; i < bench->count; i++)
		curves[i] = (struct plot_curve){ .label = bench->results[i]->name,
						 .histogram = &bench->results[i]->load.response };
	snprintf(title, sizeof(title),
		 "Response time of an echo, %lld bytes, %lld connection%s, %lld in flight",
		 (long long)bench->size, (long long)bench->connections,
		 bench->connections == 1 ? "" : "s", (long long)bench->depth);
	errno = 0;
	plot_write(bench->picture.stream, title, curves, bench->count);
	int result = output_file_finish(&bench->picture, error);
	free(curves);
	return result;
}

int bench_files_write(struct bench *bench, struct error *error)
{
	int result = 0;
	for (size_t i = 0; bench->hgrm && result == 0 && i < bench->count; i++) {
		struct bench_result *each = bench->results[i];
		errno = 0;
		histogram_write_hgrm(&each->load.response, put, each->hgrm.stream);
		result = output_file_finish(&each->hgrm, error);
	}
	if (result == 0 && bench->svg)
		result = write_svg(bench, error);
	bench_files_drop(bench);
	return result;
}

void bench_files_drop(struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++)
		output_file_drop(&bench->results[i]->hgrm);
	output_file_drop(&bench->picture);
}
