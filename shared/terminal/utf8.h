#ifndef TERMINAL_UTF8_H
#define TERMINAL_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* In place of a character (RFC 3629). */
#define UTF8_INVALID UINT32_MAX       /* a byte that is no part of one */
#define UTF8_PARTIAL (UINT32_MAX - 1) /* the bytes end before the character does */

/*
 * The first character of LENGTH > 0 bytes; returns how many of them it takes: 1 where it is
 * UTF8_INVALID, all where it is UTF8_PARTIAL.
 */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *character);

/* Where the character begins that ends at POSITION > 0; an invalid byte counts as one. */
size_t utf8_before(const char *bytes, size_t position);

#endif
