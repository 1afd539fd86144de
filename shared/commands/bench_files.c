#include "commands/bench_files.h"

#include "plot/plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int put(void *stream, const char *text, size_t length)
{
	return fwrite(text, 1, length, stream) == length ? 0 : -1;
}

static FILE *create(const char *path, struct error *error)
{
	FILE *stream = fopen(path, "w");
	if (!stream)
		error_system(error, errno == EACCES ? STATUS_NOT_PERMITTED : STATUS_SYSTEM, errno,
			     "%s", path);
	return stream;
}

static int finish(FILE *stream, const char *path, struct error *error)
{
	errno = 0;
	bool failed = ferror(stream) != 0;
	if (fclose(stream) == EOF || failed)
		return error_system(error, STATUS_SYSTEM, errno ? errno : EIO, "%s", path);
	return 0;
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

int bench_files_hgrm(const struct bench *bench, const char *path, struct error *error)
{
	for (size_t i = 0; i < bench->count; i++) {
		char *name = name_file(bench, bench->results[i], path);
		FILE *stream = name ? create(name, error) : NULL;
		int result = -1;
		if (stream) {
			histogram_write_hgrm(&bench->results[i]->load.response, put, stream);
			result = finish(stream, name, error);
		} else if (!name) {
			error_system(error, STATUS_SYSTEM, errno, "%s", path);
		}
		free(name);
		if (result == -1)
			return -1;
	}
	return 0;
}

int bench_files_svg(const struct bench *bench, const char *path, struct error *error)
{
	struct plot_curve *curves = calloc(bench->count, sizeof(*curves));
	char title[200];
	if (!curves)
		return error_system(error, STATUS_SYSTEM, errno, "%s", path);
	for (size_t i = 0; i < bench->count; i++)
		curves[i] = (struct plot_curve){ .label = bench->results[i]->name,
						 .histogram = &bench->results[i]->load.response };
	snprintf(title, sizeof(title),
		 "Response time of an echo, %lld bytes, %lld connection%s, %lld in flight",
		 (long long)bench->size, (long long)bench->connections,
		 bench->connections == 1 ? "" : "s", (long long)bench->depth);
	FILE *stream = create(path, error);
	int result = -1;
	if (stream) {
		plot_write(stream, title, curves, bench->count);
		result = finish(stream, path, error);
	}
	free(curves);
	return result;
}
