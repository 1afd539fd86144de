#include "demos/demo.h"

#include "base/clock.h"
#include "demos/narrator.h"

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
	narrator->print(narrator->context, line, text);
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
	narrator->held += holds;
	narrator->failed += !holds;
	return holds;
}

void demo_skip(struct narrator *narrator, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print(narrator, DEMO_SKIPS, format, arguments);
	va_end(arguments);
	narrator->skipped = true;
}

bool demo_must(struct narrator *narrator, ssize_t result, const char *call)
{
	if (result != -1)
		return true;
	return demo_claim(narrator, false, "%s works here: %s", call, demo_errno(errno));
}

int demo_error(ssize_t result)
{
	return result == -1 ? errno : 0;
}

bool demo_eventually(bool (*happened)(void *context), void *context)
{
	int64_t until = clock_now() + NSEC_PER_SEC;
	while (!happened(context)) {
		if (clock_now() >= until)
			return false;
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

void demo_run(const struct demo *demo, struct narrator *narrator)
{
	demo->run(narrator);
	if (narrator->held + narrator->failed == 0 && !narrator->skipped)
		demo_claim(narrator, false, "it claims something");
}
