#include "commands/options_take.h"

#include "base/clock.h"

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

static int read_number(const char *argument, int base, const struct option_spec *spec,
		       struct error *error)
{
	char *end;
	errno = 0;
	long long number = strtoll(argument, &end, base);
	if (end == argument || *end || errno || !strchr("0123456789", *argument) ||
	    number < spec->least || number > spec->most)
		return error_set(error, STATUS_USAGE,
				 base == 8 ? "is not an octal number from %llo to %llo"
					   : "is not a whole number from %lld to %lld",
				 (long long)spec->least, (long long)spec->most);
	*(int64_t *)spec->target = number;
	return 0;
}

int take_number(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_number(argument, 10, spec, error);
}

int take_octal(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_number(argument, 8, spec, error);
}

static int read_time(const char *argument, int64_t unit, const struct option_spec *spec,
		     struct error *error)
{
	char *end;
	double number = strtod(argument, &end);
	if (end == argument || *end || !strchr("0123456789.", *argument) ||
	    strpbrk(argument, "xXnN") || number < (double)spec->least ||
	    number > (double)spec->most)
		return error_set(error, STATUS_USAGE, "is not a number from %lld to %lld",
				 (long long)spec->least, (long long)spec->most);
	*(int64_t *)spec->target = (int64_t)(number * (double)unit);
	return 0;
}

int take_seconds(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_time(argument, NSEC_PER_SEC, spec, error);
}

int take_microseconds(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_time(argument, NSEC_PER_USEC, spec, error);
}

int take_uid(const char *argument, const struct option_spec *spec, struct error *error)
{
	struct server_user *user = spec->target;
	int64_t number;
	const struct option_spec as_number = { .target = &number, .most = UINT32_MAX - 1 };
	if (take_number(argument, &as_number, error) == -1)
		return -1;
	user->uid = (uid_t)number;
	user->chosen = &user->uid;
	return 0;
}
