#include "commands/bench_merge.h"

#include "base/clock.h"
#include "commands/bench_json.h"
#include "commands/json_text.h"

#include <errno.h>
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

static bool read_count(const char *object, const char *name, uint64_t *count)
{
	int64_t number;
	if (!json_text_integer(json_text_member(object, name), &number) || number < 0)
		return false;
	*count = (uint64_t)number;
	return true;
}

static int read_histogram(const char *object, const char *name, struct histogram *histogram,
			  struct error *error)
{
	const char *value = json_text_member(object, name);
	const char *end = value && *value == '"' ? strchr(value + 1, '"') : NULL;
	if (!end)
		return error_set(error, STATUS_DATA, "%s is missing", name);
	return histogram_read(histogram, value + 1, (size_t)(end - value - 1), error);
}

/* Load of generators that ran side by side: their times are not added up, what they did is. */
static int read_load(const char *object, struct load_result *load, struct error *error)
{
	uint64_t elapsed, cpu, connect;
	load_result_init(load);
	if (!read_count(object, "messages", &load->messages) ||
	    !read_count(object, "bytes", &load->bytes) ||
	    !read_count(object, "sent", &load->sent) || !read_count(object, "lost", &load->lost) ||
	    !read_count(object, "damaged", &load->damaged) ||
	    !read_count(object, "duplicate", &load->duplicates) ||
	    !read_count(object, "broken", &load->broken) ||
	    !read_count(object, "warmup_messages", &load->warmup) ||
	    !read_count(object, "elapsed_ns", &elapsed) ||
	    !read_count(object, "client_cpu_ns", &cpu) ||
	    !read_count(object, "connect_ns", &connect))
		return error_set(error, STATUS_DATA, "a result lacks its figures");
	load->elapsed = (int64_t)elapsed;
	load->cpu = (int64_t)cpu;
	load->connect = (int64_t)connect;
	if (read_histogram(object, "histogram", &load->response, error) == -1 ||
	    read_histogram(object, "service_histogram", &load->service, error) == -1)
		return -1;
	if (load->response.count != load->messages || load->service.count != load->messages)
		return error_set(error, STATUS_DATA,
				 "a histogram has not as many values as messages");
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
	if (!json_text_string(json_text_member(object, "endpoint"), name, sizeof(name)))
		return error_set(error, STATUS_DATA, "a result lacks its endpoint");
	if (read_load(object, load, error) == -1)
		return -1;
	struct bench_result *result = find(bench, name, error);
	if (!result)
		return -1;
	if (!json_text_string(json_text_member(object, "family"), result->family,
			      sizeof(result->family)) ||
	    !json_text_string(json_text_member(object, "type"), result->type, sizeof(result->type)))
		return error_set(error, STATUS_DATA, "a result lacks its family or type");
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

/* What adds up is added up; of the rest, the same or of no matter, the last one stands. */
static int add_settings(struct bench *bench, const char *settings, struct error *error)
{
	int64_t connections, size, depth, rounds, threads, messages, warmup;
	double rate;
	bool spin;
	if (!json_text_integer(json_text_member(settings, "connections"), &connections) ||
	    !json_text_integer(json_text_member(settings, "size"), &size) ||
	    !json_text_integer(json_text_member(settings, "depth"), &depth) ||
	    !json_text_integer(json_text_member(settings, "rounds"), &rounds) ||
	    !json_text_integer(json_text_member(settings, "threads"), &threads) ||
	    !json_text_integer(json_text_member(settings, "messages"), &messages) ||
	    !json_text_integer(json_text_member(settings, "warmup_ns"), &warmup) ||
	    !json_text_number(json_text_member(settings, "rate"), &rate) ||
	    !json_text_boolean(json_text_member(settings, "spin"), &spin))
		return error_set(error, STATUS_DATA, "the settings are not complete");
	if (bench->merged > 0 &&
	    (size != bench->size || depth != bench->depth || (rate > 0) != (bench->rate > 0)))
		return error_set(error, STATUS_DATA,
				 "another size, depth or kind of loop than the first file: these "
				 "do not add up");
	if (!json_text_integer(json_text_member(settings, "duration_ns"), &bench->duration))
		bench->duration = NEVER;
	if (bench->merged == 0) {
		bench->connections = bench->threads = bench->messages = 0;
		bench->rate = 0;
	}
	bench->size = size;
	bench->depth = depth;
	bench->rounds = rounds;
	bench->warmup = warmup;
	bench->spin = spin;
	bench->connections += connections;
	bench->threads += threads;
	bench->messages += messages;
	bench->rate += rate;
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
