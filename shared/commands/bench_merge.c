#include "commands/bench_merge.h"

#include "base/clock.h"
#include "commands/bench_json.h"
#include "commands/json_text.h"

#include "protocol/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST (256u << 20)

static char *read_file(const char *path, struct error *error)
{
	FILE *stream = fopen(path, "r");
	char *text = NULL;
	size_t used = 0, room = 0;
	if (!stream) {
		error_system(error, errno == EACCES ? STATUS_NOT_PERMITTED : STATUS_DATA, errno,
			     "%s", path);
		return NULL;
	}
	do {
		if (room - used < 2) {
			room = room ? room * 2 : 65536;
			char *larger = room <= FILE_MOST ? realloc(text, room) : NULL;
			if (!larger) {
				error_set(error, STATUS_DATA, "%s: too large", path);
				break;
			}
			text = larger;
		}
		used += fread(text + used, 1, room - used - 1, stream);
		if (ferror(stream)) {
			error_system(error, STATUS_DATA, errno, "%s", path);
			break;
		}
		if (feof(stream)) {
			fclose(stream);
			text[used] = '\0';
			if (strlen(text) == used)
				return text;
			free(text);
			error_set(error, STATUS_DATA, "%s: not JSON", path);
			return NULL;
		}
	} while (true);
	fclose(stream);
	free(text);
	return NULL;
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

/* Sums that adding up cannot make wrap: load_result_add() is for figures of our own. */
static int check_sum(const char *name, int64_t sum, int64_t number, struct error *error)
{
	if (sum <= FIGURE_MOST - number)
		return 0;
	return error_set(error, STATUS_DATA, "with it the sum of %s is above %" PRId64, name,
			 FIGURE_MOST);
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

/* What the generators did is added up, their times are not. SUM is what came before. */
static int read_load(const char *object, const struct bench *file, struct load_result *load,
		     struct load_result *sum, struct error *error)
{
	load_result_init(load);
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
		int64_t *number = figure(load, figures[i].offset);
		if (read_number(object, figures[i].name, 0, FIGURE_MOST, number, error) == -1 ||
		    (figures[i].added && check_sum(figures[i].name, *figure(sum, figures[i].offset),
						   *number, error) == -1))
			return -1;
	}
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

static struct bench_result *find(struct bench *bench, const char *name, struct error *error)
{
	for (size_t i = 0; i < bench->count; i++)
		if (strcmp(bench->results[i]->name, name) == 0)
			return bench->results[i];
	struct bench_result *result = bench_add(bench, error);
	if (result)
		snprintf(result->name, sizeof(result->name), "%s", name);
	return result;
}

static int add_result(struct bench *bench, const char *object, struct load_result *load,
		      struct error *error)
{
	char name[ENDPOINT_TEXT];
	if (read_name(object, "endpoint", name, sizeof(name), error) == -1)
		return -1;
	struct bench_result *result = find(bench, name, error);
	if (!result ||
	    read_name(object, "family", result->family, sizeof(result->family), error) == -1 ||
	    read_name(object, "type", result->type, sizeof(result->type), error) == -1 ||
	    read_load(object, bench, load, &result->load, error) == -1)
		return -1;
	if (result->file == bench->merged)
		return error_set(
			error, STATUS_DATA,
			"an endpoint stands in it twice, but was measured once after the other");
	result->file = bench->merged;
	int64_t longest =
		load->elapsed > result->load.elapsed ? load->elapsed : result->load.elapsed;
	load_result_add(&result->load, load);
	result->load.elapsed = longest;
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

/* What adds up is added up; of the rest, the same or of no matter, the last one stands. */
static int add_settings(struct bench *bench, const char *settings, struct error *error)
{
	struct bench file = { 0 };
	if (!settings)
		return error_set(error, STATUS_DATA, "settings are missing");
	if (read_settings(settings, &file, error) == -1)
		return -1;
	if (bench->merged == 0) {
		bench->connections = bench->threads = bench->messages = 0;
		bench->rate = 0;
	} else if (file.size != bench->size || file.depth != bench->depth ||
		   (file.rate > 0) != (bench->rate > 0)) {
		return error_set(error, STATUS_DATA,
				 "another size, depth or kind of loop than the first file: these "
				 "do not add up");
	}
	if (check_sum("connections", bench->connections, file.connections, error) == -1 ||
	    check_sum("threads", bench->threads, file.threads, error) == -1 ||
	    check_sum("messages", bench->messages, file.messages, error) == -1)
		return -1;
	bench->duration = file.duration;
	bench->size = file.size;
	bench->depth = file.depth;
	bench->rounds = file.rounds;
	bench->warmup = file.warmup;
	bench->spin = file.spin;
	bench->connections += file.connections;
	bench->threads += file.threads;
	bench->messages += file.messages;
	bench->rate += file.rate;
	return 0;
}

static int merge_text(struct bench *bench, const char *text, struct error *error)
{
	char schema[40];
	bool complete;
	const char *end = json_text_skip(text);
	if (!end || end[strspn(end, " \t\r\n")] != '\0')
		return error_set(error, STATUS_DATA, "not JSON");
	if (!json_text_string(json_text_member(text, "schema"), schema, sizeof(schema)) ||
	    strcmp(schema, BENCH_JSON_SCHEMA) != 0 ||
	    !json_text_boolean(json_text_member(text, "complete"), &complete))
		return error_set(error, STATUS_DATA, "not of schema " BENCH_JSON_SCHEMA);
	if (add_settings(bench, json_text_member(text, "settings"), error) == -1)
		return -1;
	bench->complete &= complete;
	bench->merged++;
	struct load_result *load = malloc(sizeof(*load));
	int result = load ? 0 : error_system(error, STATUS_SYSTEM, errno, "memory");
	const char *results = json_text_member(text, "results");
	if (result == 0 && !json_text_first(results))
		result = error_set(error, STATUS_DATA, "it has no results");
	const char *each = json_text_first(results);
	for (; result == 0 && each; each = json_text_next(each))
		result = add_result(bench, each, load, error);
	free(load);
	return result;
}

int bench_merge_file(struct bench *bench, const char *path, struct error *error)
{
	struct error why;
	char *text = read_file(path, error);
	if (!text)
		return -1;
	int result = merge_text(bench, text, &why);
	free(text);
	return result == 0 ? 0
			   : error_set(error, why.status, "bench: --merge %.300s: %.300s", path,
				       why.text);
}
