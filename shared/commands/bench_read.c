#include "commands/bench_read.h"

#include "base/clock.h"
#include "commands/bench_json.h"
#include "commands/json_text.h"
#include "protocol/json_validator.h"
#include "protocol/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST (256u << 20)

/* All of the file, with a NUL after it. */
static char *read_text(FILE *stream, size_t *length, struct error *error)
{
	char *text = NULL;
	size_t room = 0;
	*length = 0;
	do {
		if (room - *length < 2) {
			room = room ? room * 2 : 65536;
			char *larger = room <= FILE_MOST ? realloc(text, room) : NULL;
			if (!larger) {
				free(text);
				error_set(error, STATUS_DATA, "too large");
				return NULL;
			}
			text = larger;
		}
		*length += fread(text + *length, 1, room - *length - 1, stream);
	} while (!feof(stream) && !ferror(stream));
	text[*length] = '\0';
	if (!ferror(stream))
		return text;
	free(text);
	error_system(error, STATUS_DATA, errno, "reading it");
	return NULL;
}

/* Is this one JSON value? What is empty, or ends within it, is no fault of its writer's format. */
static int check_text(const char *text, size_t length, bool *cut, struct error *error)
{
	const char *reason = NULL;
	size_t good;
	enum json_ending ending = json_validator_record(text, length, &good, &reason);
	*cut = length == 0 || ending == JSON_INCOMPLETE;
	if (ending == JSON_ONE)
		return 0;
	if (length == 0)
		return error_set(error, STATUS_DATA, "empty");
	return *cut ? error_set(error, STATUS_DATA, "cut: it ends within its object")
		    : error_set(error, STATUS_DATA, "not JSON: %s", reason ? reason : "no value");
}

/* More than this is no figure of a load: sums of such numbers, and their quotients, stay exact. */
#define FIGURE_MOST (INT64_C(1) << 53)

static int read_number(const char *object, const char *name, int64_t least, int64_t most,
		       int64_t *number, struct error *error)
{
	const char *value = json_text_member(object, name);
	if (!value)
		return error_set(error, STATUS_DATA, "%s is missing", name);
	if (!json_text_integer(value, number) || *number < least || *number > most)
		return error_set(error, STATUS_DATA,
				 "%s is not a whole number from %" PRId64 " to %" PRId64, name,
				 least, most);
	return 0;
}

static int read_histogram(const char *object, const char *name, struct histogram *histogram,
			  struct error *error)
{
	const char *value = json_text_member(object, name);
	const char *end = value && *value == '"' ? strchr(value + 1, '"') : NULL;
	struct error why;
	if (!end)
		return error_set(error, STATUS_DATA, "%s is missing", name);
	if (histogram_read(histogram, value + 1, (size_t)(end - value - 1), &why) == -1)
		return error_set(error, STATUS_DATA, "%s: %s", name, why.text);
	return 0;
}

/* Of a result, the figures that must be there, and where they go. */
static const struct {
	const char *name;
	size_t offset;
	bool added; /* or the greatest counts, since the generators ran side by side */
} figures[] = {
	{ "messages", offsetof(struct load_result, messages), true },
	{ "bytes", offsetof(struct load_result, bytes), true },
	{ "sent", offsetof(struct load_result, sent), true },
	{ "lost", offsetof(struct load_result, lost), true },
	{ "refused", offsetof(struct load_result, refused), true },
	{ "unreachable", offsetof(struct load_result, unreachable), true },
	{ "damaged", offsetof(struct load_result, damaged), true },
	{ "duplicate", offsetof(struct load_result, duplicates), true },
	{ "broken", offsetof(struct load_result, broken), true },
	{ "warmup_messages", offsetof(struct load_result, warmup), true },
	{ "client_cpu_ns", offsetof(struct load_result, cpu), true },
	{ "elapsed_ns", offsetof(struct load_result, elapsed), false },
	{ "connect_ns", offsetof(struct load_result, connect), false },
};

static int64_t *figure(struct load_result *load, size_t offset)
{
	return (int64_t *)(void *)((unsigned char *)load + offset);
}

/* What no load can have come to. */
static int check_figures(const struct load_result *load, const struct bench *file,
			 struct error *error)
{
	const char *why = NULL;
	/* at a rate what was due and could not be sent is lost, too */
	bool unsent = file->rate > 0 && load->lost > 0;
	uint64_t told = load->messages + load->lost;
	if (load->messages > load->sent ||
	    (!unsent && (told > load->sent || load->sent - told > load->damaged)))
		why = "sent is not the sum of messages, lost and damaged";
	else if (load->refused + load->unreachable > load->lost)
		why = "refused and unreachable are more than lost";
	else if (load->bytes / (uint64_t)file->size != load->messages ||
		 load->bytes % (uint64_t)file->size != 0)
		why = "bytes is not messages times size";
	return why ? error_set(error, STATUS_DATA, "%s", why) : 0;
}

static int read_load(const char *object, const struct bench *file, struct load_result *load,
		     struct error *error)
{
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++)
		if (read_number(object, figures[i].name, 0, FIGURE_MOST,
				figure(load, figures[i].offset), error) == -1)
			return -1;
	if (check_figures(load, file, error) == -1)
		return -1;
	if (read_histogram(object, "histogram", &load->response, error) == -1 ||
	    read_histogram(object, "service_histogram", &load->service, error) == -1)
		return -1;
	if (load->response.count != load->messages || load->service.count != load->messages)
		return error_set(error, STATUS_DATA,
				 "a histogram has not as many values as messages");
	return 0;
}

/* What is printed as it stands must be what can be printed. */
static int read_name(const char *object, const char *name, char *text, size_t room,
		     struct error *error)
{
	if (!json_text_string(json_text_member(object, name), text, room) || *text == '\0')
		return error_set(error, STATUS_DATA, "%s is missing, or too long", name);
	for (const char *byte = text; *byte; byte++)
		if (*byte < ' ' || *byte > '~' || *byte == '"')
			return error_set(error, STATUS_DATA, "%s cannot be printed", name);
	return 0;
}

static int read_rate(const char *settings, double *rate, struct error *error)
{
	const char *value = json_text_member(settings, "rate");
	if (!json_text_number(value, rate) || !(*rate >= 0) || *rate > 1e12)
		return error_set(error, STATUS_DATA, "rate is not a number from 0 to 1e12");
	return 0;
}

static int read_settings(const char *settings, struct bench *file, struct error *error)
{
	const struct {
		const char *name;
		int64_t *number, least, most;
	} numbers[] = {
		{ "connections", &file->connections, 1, FIGURE_MOST },
		{ "size", &file->size, PROBE_LEAST, INT32_MAX },
		{ "depth", &file->depth, 1, INT32_MAX },
		{ "rounds", &file->rounds, 1, INT32_MAX },
		{ "threads", &file->threads, 1, FIGURE_MOST },
		{ "messages", &file->messages, 0, FIGURE_MOST },
		{ "warmup_ns", &file->warmup, 0, FIGURE_MOST },
		{ "duration_ns", &file->duration, 0, FIGURE_MOST },
	};
	const char *duration = json_text_member(settings, "duration_ns");
	size_t count = sizeof(numbers) / sizeof(*numbers);
	file->duration = NEVER;
	if (duration && *duration == 'n') /* null: the number of messages ends it */
		count--;
	for (size_t i = 0; i < count; i++)
		if (read_number(settings, numbers[i].name, numbers[i].least, numbers[i].most,
				numbers[i].number, error) == -1)
			return -1;
	if (!json_text_boolean(json_text_member(settings, "spin"), &file->spin))
		return error_set(error, STATUS_DATA, "spin is missing");
	return read_rate(settings, &file->rate, error);
}

/* As far as they are there: they are for comparing alone. */
static int read_rates(const char *object, struct bench_result *result, struct error *error)
{
	const char *array = json_text_member(object, "rounds_messages_per_second");
	for (const char *each = json_text_first(array); each; each = json_text_next(each)) {
		double rate;
		if (result->rounds == BENCH_ROUNDS_MOST || !json_text_number(each, &rate) ||
		    !(rate >= 0) || rate > 1e12)
			return error_set(error, STATUS_DATA,
					 "rounds_messages_per_second is no list of up to %d rates",
					 BENCH_ROUNDS_MOST);
		result->rates[result->rounds++] = rate;
	}
	return 0;
}

static int read_result(const char *object, struct bench *file, struct error *error)
{
	struct bench_result *result = bench_add(file, error);
	if (!result ||
	    read_name(object, "endpoint", result->name, sizeof(result->name), error) == -1 ||
	    read_name(object, "family", result->family, sizeof(result->family), error) == -1 ||
	    read_name(object, "type", result->type, sizeof(result->type), error) == -1 ||
	    read_load(object, file, &result->load, error) == -1 ||
	    read_rates(object, result, error) == -1)
		return -1;
	if (bench_find(file, result->name) != result)
		return error_set(
			error, STATUS_DATA,
			"an endpoint stands in it twice, but was measured once after the other");
	return 0;
}

static int read_object(const char *text, struct bench *file, struct error *error)
{
	char schema[40];
	const char *settings = json_text_member(text, "settings");
	const char *each = json_text_first(json_text_member(text, "results"));
	if (!json_text_string(json_text_member(text, "schema"), schema, sizeof(schema)) ||
	    strcmp(schema, BENCH_JSON_SCHEMA) != 0 ||
	    !json_text_boolean(json_text_member(text, "complete"), &file->complete))
		return error_set(error, STATUS_DATA, "not of schema " BENCH_JSON_SCHEMA);
	if (!settings)
		return error_set(error, STATUS_DATA, "settings are missing");
	if (read_settings(settings, file, error) == -1)
		return -1;
	if (!each)
		return error_set(error, STATUS_DATA, "it has no results");
	for (; each; each = json_text_next(each))
		if (read_result(each, file, error) == -1)
			return -1;
	return 0;
}

int bench_read(const char *path, struct bench *file, bool *cut, struct error *error)
{
	struct error why;
	*file = (struct bench){ 0 };
	*cut = false;
	FILE *stream = fopen(path, "r");
	if (!stream)
		return error_system(error, errno == EACCES ? STATUS_NOT_PERMITTED : STATUS_DATA,
				    errno, "%.300s", path);
	size_t length;
	char *text = read_text(stream, &length, &why);
	fclose(stream);
	int result = text ? check_text(text, length, cut, &why) : -1;
	if (result == 0)
		result = read_object(text, file, &why);
	free(text);
	if (result == 0)
		return 0;
	bench_free(file);
	return error_set(error, why.status, "%.300s: %.300s", path, why.text);
}

int bench_read_add(struct load_result *sum, const struct load_result *load, struct error *error)
{
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
		int64_t before = *figure(sum, figures[i].offset);
		int64_t number = *figure((struct load_result *)load, figures[i].offset);
		if (figures[i].added && before > FIGURE_MOST - number)
			return error_set(error, STATUS_DATA,
					 "with it the sum of %s is above %" PRId64, figures[i].name,
					 FIGURE_MOST);
	}
	int64_t longest = load->elapsed > sum->elapsed ? load->elapsed : sum->elapsed;
	load_result_add(sum, load);
	sum->elapsed = longest;
	return 0;
}
