#include "demos/demo.h"

#include "base/clock.h"
#include "base/folder.h"
#include "demos/apart.h"
#include "demos/narrator.h"
#include "demos/patience.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void print(struct narrator *narrator, enum demo_line line, const char *format,
		  va_list arguments) __attribute__((format(printf, 3, 0)));

static void print(struct narrator *narrator, enum demo_line line, const char *format,
		  va_list arguments)
{
	char text[1024];
	vsnprintf(text, sizeof(text), format, arguments);
	narrator_tell(narrator, line, text);
}

void demo_say(struct narrator *narrator, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print(narrator, DEMO_SAID, format, arguments);
	va_end(arguments);
}

void demo_show(struct narrator *narrator, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print(narrator, DEMO_SHOWN, format, arguments);
	va_end(arguments);
}

bool demo_claim(struct narrator *narrator, bool holds, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print(narrator, holds ? DEMO_HOLDS : DEMO_FAILS, format, arguments);
	va_end(arguments);
	return holds;
}

void demo_skip(struct narrator *narrator, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print(narrator, DEMO_SKIPS, format, arguments);
	va_end(arguments);
}

bool demo_must(struct narrator *narrator, ssize_t result, const char *call)
{
	if (result != -1)
		return true;
	int number = errno;
	if (number == EMFILE || number == ENFILE)
		demo_skip(narrator, "%s needs one more descriptor: %s", call, demo_errno(number));
	else
		demo_claim(narrator, false, "%s works here: %s", call, demo_errno(number));
	return false;
}

int demo_error(ssize_t result)
{
	return result == -1 ? errno : 0;
}

bool demo_eventually(bool (*happened)(void *context), void *context)
{
	int64_t until = clock_now() + patience_left() * NSEC_PER_MSEC;
	while (!happened(context)) {
		if (clock_now() >= until) {
			patience_lost();
			return false;
		}
		poll(NULL, 0, 1);
	}
	return true;
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

int64_t demo_median(int64_t *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

static struct {
	void (*run)(struct narrator *narrator);
	char folder[FOLDER_TEXT];
	bool has_folder;
	struct error error; /* if it has none */
} running;

const char *demo_folder(struct narrator *narrator)
{
	if (running.has_folder)
		return running.folder;
	demo_skip(narrator, "no folder for its files: %s", running.error.text);
	return NULL;
}

static void perform(struct narrator *narrator)
{
	running.run(narrator);
	/* here too, for nobody else might be left to do it */
	if (running.has_folder)
		folder_remove(running.folder);
}

void demo_run(const struct demo *demo, struct narrator *narrator)
{
	running.run = demo->run;
	running.has_folder = folder_make(running.folder, &running.error) == 0;
	apart_run(perform, narrator);
	if (running.has_folder)
		folder_remove(running.folder);
	if (narrator->held + narrator->failed + narrator->skipped == 0)
		demo_claim(narrator, false, "it claims something");
}
