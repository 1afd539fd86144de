#include "terminal/utf8.h"

#include <stdbool.h>

/* How many bytes follow a first one; 0 also where it cannot be a first one. */
static size_t followers(unsigned char first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	return first >= 0xf0 && first <= 0xf4 ? 3 : 0;
}

/* The second byte also keeps out surrogates, overlong forms, and what lies beyond U+10FFFF. */
static bool follows(unsigned char first, size_t place, unsigned char byte)
{
	if (place == 1 && first == 0xe0)
		return byte >= 0xa0 && byte <= 0xbf;
	if (place == 1 && first == 0xed)
		return byte >= 0x80 && byte <= 0x9f;
	if (place == 1 && first == 0xf0)
		return byte >= 0x90 && byte <= 0xbf;
	if (place == 1 && first == 0xf4)
		return byte >= 0x80 && byte <= 0x8f;
	return byte >= 0x80 && byte <= 0xbf;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *character)
{
	unsigned char first = (unsigned char)*bytes;
	size_t more = followers(first);
	*character = first;
	if (first < 0x80)
		return 1;
	*character = UTF8_INVALID;
	if (more == 0)
		return 1;
	uint32_t value = first & (0x3fU >> more);
	for (size_t i = 1; i <= more; i++) {
		if (i == length) {
			*character = UTF8_PARTIAL;
			return length;
		}
		if (!follows(first, i, (unsigned char)bytes[i]))
			return 1;
		value = value << 6 | ((unsigned char)bytes[i] & 0x3f);
	}
	*character = value;
	return more + 1;
}

size_t utf8_before(const char *bytes, size_t position)
{
	for (size_t back = 2; back <= 4 && back <= position; back++) {
		uint32_t character;
		if (utf8_decode(bytes + position - back, back, &character) == back &&
		    character < UTF8_PARTIAL)
			return position - back;
	}
	return position - 1;
}
