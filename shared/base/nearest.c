#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>

#define LONGEST 40 /* no name here is longer; a longer word is none of them */

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool same(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many mistakes make A of B. Rows are the letters of A; the last two are kept. */
static unsigned count_mistakes(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned rows[3][LONGEST + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];
	for (unsigned j = 0; j <= b_length; j++)
		above[j] = before[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			bool equal = same(a + i - 1, b + j - 1, 1);
			row[j] = least(above[j - 1] + !equal, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a + i - 1, b + j - 2, 1) &&
			    same(a + i - 2, b + j - 1, 1))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		unsigned *free = before;
		before = above;
		above = row;
		row = free;
	}
	return above[b_length];
}

/* Longer words have room for more mistakes; the shortest for none. */
static unsigned forgiven(size_t length)
{
	return length < 3 ? 0 : 1 + (unsigned)length / 6;
}

/* From four letters on a word can be told by any part of it, else by its beginning. */
static bool is_part(const char *word, size_t length, const char *name, size_t name_length)
{
	for (size_t i = 0; length > 0 && i + length <= name_length; i++)
		if ((i == 0 || length >= 4) && same(word, name + i, length))
			return true;
	return false;
}

void nearest_begin(struct nearest *nearest, const char *word, size_t length)
{
	size_t dashes = strspn(word, "-");
	if (dashes > length)
		dashes = length;
	*nearest = (struct nearest){ .word = word + dashes, .length = length - dashes };
}

void nearest_try(struct nearest *nearest, const char *name)
{
	const char *bare = name + strspn(name, "-");
	size_t length = strlen(bare);
	if (length > LONGEST || nearest->length > LONGEST)
		return;
	unsigned limit = forgiven(length > nearest->length ? length : nearest->length);
	unsigned distance = count_mistakes(nearest->word, nearest->length, bare, length);
	if (distance > limit && is_part(nearest->word, nearest->length, bare, length))
		distance = limit + 1;
	else if (distance > limit)
		return;
	if (!nearest->best || distance < nearest->distance) {
		nearest->best = name;
		nearest->distance = distance;
	}
}
