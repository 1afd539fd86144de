#ifndef TERMINAL_LINE_H
#define TERMINAL_LINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A line that is being edited: any bytes, and a cursor that stands between characters. A
 * character here is what a person sees as one: with the combining ones that follow it. Bytes
 * that are not UTF-8 are characters of their own.
 */
struct line {
	char *bytes; /* zero the struct; line_free() at the end */
	size_t length, room;
	size_t cursor;
	bool overlong; /* something was not inserted: no room, or more than LINE_BYTES */
};

#define LINE_BYTES (1 << 20)

void line_free(struct line *line);
void line_clear(struct line *line);
void line_insert(struct line *line, const char *bytes, size_t length);
void line_replace(struct line *line, const char *bytes, size_t length); /* cursor at the end */

/* Where the cursor would go. */
size_t line_left(const struct line *line);
size_t line_right(const struct line *line);
size_t line_word_left(const struct line *line); /* words are what stands between spaces */
size_t line_word_right(const struct line *line);

/* Removes what lies between PLACE and the cursor. */
void line_remove_to(struct line *line, size_t place);

#endif
