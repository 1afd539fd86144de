#include "base/quantity.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Digits of a fraction that can matter: an hour has 3.6e12 nanoseconds. */
#define FRACTION 1000000000000

struct unit {
	const char *name;
	int64_t value;
};

static const struct unit times[] = {
	{ "h", 3600 * NSEC_PER_SEC }, { "m", 60 * NSEC_PER_SEC }, { "s", NSEC_PER_SEC },
	{ "ms", NSEC_PER_MSEC },      { "us", NSEC_PER_USEC },    { NULL, 0 },
};

/* The longer of two that begin alike comes first. */
static const struct unit multiples[] = {
	{ "Ki", 1 << 10 }, { "Mi", 1 << 20 },   { "Gi", 1 << 30 }, { "k", 1000 },
	{ "M", 1000000 },  { "G", 1000000000 }, { NULL, 0 },
};

/* A decimal number: what is before its point, and what is after it in 1 / FRACTION. */
struct decimal {
	int64_t whole, fraction;
	bool finer; /* it has digits that are not in FRACTION */
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Returns what follows it; NULL: there is none, or it is too great. */
static const char *read_decimal(const char *text, struct decimal *decimal)
{
	const char *begin = text;
	*decimal = (struct decimal){ 0 };
	for (; is_digit(*text); text++) {
		if (decimal->whole > (INT64_MAX - (*text - '0')) / 10)
			return NULL;
		decimal->whole = decimal->whole * 10 + (*text - '0');
	}
	bool any = text > begin;
	if (*text == '.')
		text++;
	for (int64_t place = FRACTION / 10; is_digit(*text); text++, place /= 10) {
		decimal->fraction += (*text - '0') * place;
		decimal->finer |= place == 0 && *text != '0';
		any = true;
	}
	return any ? text : NULL;
}

/* The number in UNITs, cut to a whole one; *CUT says whether it had to be. False: too great. */
static bool scale(const struct decimal *decimal, int64_t unit, int64_t *value, bool *cut)
{
	if (decimal->whole > INT64_MAX / unit)
		return false;
	/* unit times fraction would not fit: the fraction's upper and lower half, one by one */
	const int64_t half = 1000000;
	int64_t upper = decimal->fraction / half * unit, lower = decimal->fraction % half * unit;
	int64_t part = (upper + lower / half) / half;
	*cut = decimal->finer || lower % half != 0 || (upper + lower / half) % half != 0;
	*value = decimal->whole * unit;
	if (*value > INT64_MAX - part)
		return false;
	*value += part;
	return true;
}

/* Of a table that ends without a name, the one that TEXT begins with; NULL: none. */
static const struct unit *unit_of(const struct unit *units, const char *text)
{
	for (const struct unit *unit = units; unit->name; unit++)
		if (strncmp(text, unit->name, strlen(unit->name)) == 0)
			return unit;
	return NULL;
}

/* As above, but the name is all up to the next number: "m" is not the beginning of "ms". */
static const struct unit *time_of(const char *text)
{
	size_t length = strcspn(text, "0123456789.");
	for (const struct unit *unit = times; unit->name; unit++)
		if (strlen(unit->name) == length && strncmp(text, unit->name, length) == 0)
			return unit;
	return NULL;
}

/* Is something, but less than can be told: taken for nothing it could mean the opposite. */
static bool vanished(const char *text, bool nothing)
{
	return nothing && strpbrk(text, "123456789");
}

int quantity_time(const char *text, int64_t unit, int64_t *nanoseconds)
{
	struct decimal decimal;
	int64_t value, before = INT64_MAX;
	bool cut;
	const char *rest = read_decimal(text, &decimal);
	*nanoseconds = 0;
	if (rest && *rest == '\0')
		return scale(&decimal, unit, nanoseconds, &cut) &&
				       !vanished(text, *nanoseconds == 0)
			       ? 0
			       : -1;
	while (rest) {
		const struct unit *found = time_of(rest);
		if (!found || found->value >= before ||
		    !scale(&decimal, found->value, &value, &cut) ||
		    *nanoseconds > INT64_MAX - value)
			return -1;
		*nanoseconds += value;
		before = found->value;
		rest += strlen(found->name);
		if (*rest == '\0')
			return vanished(text, *nanoseconds == 0) ? -1 : 0;
		rest = read_decimal(rest, &decimal);
	}
	return -1;
}

/* A number and the multiple after it, which is 1 without one. Returns what follows; NULL: none. */
static const char *read_multiple(const char *text, struct decimal *decimal, int64_t *multiple)
{
	const char *rest = read_decimal(text, decimal);
	const struct unit *unit = rest ? unit_of(multiples, rest) : NULL;
	*multiple = unit ? unit->value : 1;
	return unit ? rest + strlen(unit->name) : rest;
}

int quantity_count(const char *text, const char *unit, int64_t *number)
{
	struct decimal decimal;
	int64_t multiple;
	bool cut;
	const char *rest = read_multiple(text, &decimal, &multiple);
	if (rest && unit && strncmp(rest, unit, strlen(unit)) == 0)
		rest += strlen(unit);
	if (!rest || *rest != '\0' || !scale(&decimal, multiple, number, &cut) || cut)
		return -1;
	return 0;
}

static double real_of(const struct decimal *decimal)
{
	return (double)decimal->whole + (double)decimal->fraction / (double)FRACTION;
}

int quantity_real(const char *text, double *number)
{
	struct decimal decimal;
	int64_t multiple;
	const char *rest = read_multiple(text, &decimal, &multiple);
	if (!rest || *rest != '\0')
		return -1;
	*number = real_of(&decimal) * (double)multiple;
	return vanished(text, *number == 0) ? -1 : 0;
}

int quantity_percent(const char *text, double *part)
{
	struct decimal decimal;
	const char *rest = read_decimal(text, &decimal);
	if (!rest || strcmp(rest, "%") != 0 || decimal.whole > 100 ||
	    (decimal.whole == 100 && (decimal.fraction > 0 || decimal.finer)))
		return -1;
	*part = real_of(&decimal) / 100;
	return vanished(text, *part == 0) ? -1 : 0;
}

const char *quantity_format_count(int64_t number, char text[QUANTITY_TEXT])
{
	const struct unit *best = NULL;
	for (const struct unit *unit = multiples; unit->name; unit++)
		if (number != 0 && number % unit->value == 0 &&
		    (!best || unit->value > best->value))
			best = unit;
	snprintf(text, QUANTITY_TEXT, "%" PRId64 "%s", best ? number / best->value : number,
		 best ? best->name : "");
	return text;
}

const char *quantity_format_time(int64_t nanoseconds, char text[QUANTITY_TEXT])
{
	const struct unit *unit = times;
	while (unit->name && (nanoseconds % unit->value != 0 || nanoseconds < unit->value))
		unit++;
	if (nanoseconds == 0)
		snprintf(text, QUANTITY_TEXT, "0s");
	else if (unit->name)
		snprintf(text, QUANTITY_TEXT, "%" PRId64 "%s", nanoseconds / unit->value,
			 unit->name);
	else
		snprintf(text, QUANTITY_TEXT, "%.3fus",
			 (double)nanoseconds / (double)NSEC_PER_USEC);
	return text;
}
