#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/*
 * Of some names the one that was most likely meant by a mistyped word: with as few letters as
 * possible missing, too many, wrong or exchanged with the next (optimal string alignment), or the
 * word is a part of it. Upper and lower case are alike, and dashes at the head do not count.
 */
struct nearest {
	const char *word;
	size_t length;
	const char *best; /* of those tried; NULL: none is near */
	unsigned distance;
};

/* WORD stays the caller's; LENGTH bytes of it count. */
void nearest_begin(struct nearest *nearest, const char *word, size_t length);

/* Of equally near ones the first stays. NAME must last as long as BEST is used. */
void nearest_try(struct nearest *nearest, const char *name);

#endif
