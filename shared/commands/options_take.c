#include "commands/options_take.h"

#include "base/clock.h"
#include "base/quantity.h"
#include "commands/account.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int take_true(const char *argument, const struct option_spec *spec, struct error *error)
{
	(void)argument, (void)error;
	*(bool *)spec->target = true;
	return 0;
}

int take_text(const char *argument, const struct option_spec *spec, struct error *error)
{
	if (*argument == '\0')
		return error_set(error, STATUS_USAGE, "is empty");
	*(const char **)spec->target = argument;
	return 0;
}

static int read_count(const char *argument, const char *unit, const struct option_spec *spec,
		      struct error *error)
{
	int64_t number;
	char least[QUANTITY_TEXT], most[QUANTITY_TEXT];
	if (quantity_count(argument, unit, &number) == -1 || number < spec->least ||
	    number > spec->most) {
		bool open = spec->most == INT64_MAX;
		return error_set(error, STATUS_USAGE,
				 "is not a whole number from %s %s%s (k M G Ki Mi Gi may follow)",
				 quantity_format_count(spec->least, least), open ? "" : "to ",
				 open ? "up" : quantity_format_count(spec->most, most));
	}
	*(int64_t *)spec->target = number;
	return 0;
}

int take_number(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_count(argument, NULL, spec, error);
}

int take_bytes(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_count(argument, "B", spec, error);
}

int take_octal(const char *argument, const struct option_spec *spec, struct error *error)
{
	char *end;
	errno = 0;
	long long number = strtoll(argument, &end, 8);
	if (end == argument || *end || errno || !strchr("01234567", *argument) ||
	    number < spec->least || number > spec->most)
		return error_set(error, STATUS_USAGE, "is not an octal number from %llo to %llo",
				 (long long)spec->least, (long long)spec->most);
	*(int64_t *)spec->target = number;
	return 0;
}

static int read_time(const char *argument, int64_t unit, const struct option_spec *spec,
		     struct error *error)
{
	int64_t time;
	char least[QUANTITY_TEXT], most[QUANTITY_TEXT];
	if (quantity_time(argument, unit, &time) == -1 || time < spec->least * unit ||
	    time > spec->most * unit)
		return error_set(error, STATUS_USAGE,
				 "is not a time from %s to %s (in %s, or with us ms s m h)",
				 quantity_format_time(spec->least * unit, least),
				 quantity_format_time(spec->most * unit, most),
				 unit == NSEC_PER_SEC ? "seconds" : "microseconds");
	*(int64_t *)spec->target = time;
	return 0;
}

int take_seconds(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_time(argument, NSEC_PER_SEC, spec, error);
}

int take_duration(const char *argument, const struct option_spec *spec, struct error *error)
{
	if (read_time(argument, NSEC_PER_SEC, spec, error) == -1)
		return -1;
	if (*(int64_t *)spec->target == 0)
		return error_set(error, STATUS_USAGE, "is no time at all");
	return 0;
}

int take_microseconds(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_time(argument, NSEC_PER_USEC, spec, error);
}

int take_uid(const char *argument, const struct option_spec *spec, struct error *error)
{
	struct server_user *user = spec->target;
	if (account_user(argument, strlen(argument), &user->uid, error) == -1)
		return -1;
	user->chosen = &user->uid;
	return 0;
}
