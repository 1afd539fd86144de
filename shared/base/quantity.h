#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Quantities as people write them: `250us`, `1.5s`, `1m30s`, `64Ki`, `10M`. Decimal digits alone,
 * whatever the locale, and no sign; they are read exactly, or not at all.
 */

/*
 * A span of time in nanoseconds: us, ms, s, m or h after each number, the greatest first. A number
 * without a unit stands alone and is in UNIT, such as NSEC_PER_SEC. What is finer than a nanosecond
 * is cut. -1: it is none, too great, or so small that nothing is left of it.
 */
int quantity_time(const char *text, int64_t unit, int64_t *nanoseconds);

/*
 * A whole number: k, M or G multiply it by 1000 and so on, Ki, Mi or Gi by 1024 and so on. UNIT may
 * follow that, such as "B" or "bit"; NULL: nothing may. -1: it is none, or too great.
 */
int quantity_count(const char *text, const char *unit, int64_t *number);

/* A number that need not be whole, with a multiple as above. -1: it is none, or too great. */
int quantity_real(const char *text, double *number);

/* `12.5%`, from 0 to 100, as the part of one. -1: it is none. */
int quantity_percent(const char *text, double *part);

#define QUANTITY_TEXT 32

/* Writes a whole number as quantity_count() reads it, by the greatest multiple that divides it. */
const char *quantity_format_count(int64_t number, char text[QUANTITY_TEXT]);

/* Writes a span of time as quantity_time() reads it, in the greatest unit that leaves no fraction. */
const char *quantity_format_time(int64_t nanoseconds, char text[QUANTITY_TEXT]);

#endif
