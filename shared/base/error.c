#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void append(struct error *error, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void append(struct error *error, const char *format, va_list arguments)
{
	size_t used = strlen(error->text);
	vsnprintf(error->text + used, sizeof(error->text) - used, format, arguments);
	/* it may repeat what somebody typed: it stays one line, and no terminal obeys it */
	for (char *byte = error->text + used; *byte; byte++)
		if ((unsigned char)*byte < ' ' || *byte == 0x7f)
			*byte = '?';
}

int error_set(struct error *error, enum status status, const char *format, ...)
{
	va_list arguments;
	error->status = status;
	error->number = 0;
	error->text[0] = '\0';
	va_start(arguments, format);
	append(error, format, arguments);
	va_end(arguments);
	return -1;
}

int error_system(struct error *error, enum status status, int number, const char *format, ...)
{
	va_list arguments;
	error->status = status;
	error->number = number;
	error->text[0] = '\0';
	va_start(arguments, format);
	append(error, format, arguments);
	va_end(arguments);
	error_append(error, ": %s", strerror(number));
	if (number == EMFILE)
		error_append(error, " (ulimit -n raises the limit)");
	return -1;
}

void error_append(struct error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	append(error, format, arguments);
	va_end(arguments);
}
