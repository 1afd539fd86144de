#ifndef UNIT_CHECK_H
#define UNIT_CHECK_H

/*
 * What a unit test needs. Each check() prints a line of TAP (testanything.org); check_done()
 * prints the plan, as the last line, and main() returns what it returns. So a program that dies
 * on the way gives itself away: it prints no plan.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static int check_count;
static int check_failures;

/* In TAP a description holds neither a line end nor a bare #, and tests here describe odd bytes. */
static inline void check_print(const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte < ' ' || byte > '~')
			printf("\\x%02x", byte);
		else
			printf(byte == '#' ? "\\%c" : "%c", byte);
	}
}

static inline bool check_that(bool good, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static inline bool check_that(bool good, int line, const char *format, ...)
{
	char text[2048];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	printf("%s %d - ", good ? "ok" : "not ok", ++check_count);
	check_print(text);
	if (!good)
		printf(" (line %d)", line);
	putchar('\n');
	fflush(stdout); /* what follows may crash */
	check_failures += !good;
	return good;
}

/* check(condition, description as for printf): counts and prints it, and is true if it passed. */
#define check(condition, ...) check_that((condition) ? true : false, __LINE__, __VA_ARGS__)

/* In place of a check that this system cannot make. */
static inline void check_skip(const char *what, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++check_count, what, why);
}

static inline int check_done(void)
{
	printf("1..%d\n", check_count);
	return check_failures > 0;
}

/* Numbers that are the same in every run (xorshift, Marsaglia 2003), below LIMIT. */
static inline unsigned check_random(unsigned limit)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 16) % limit);
}

#endif
