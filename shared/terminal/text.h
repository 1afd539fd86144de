#ifndef TERMINAL_TEXT_H
#define TERMINAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes on their way to the terminal. Zero the struct; free BYTES at the end. */
struct text {
	char *bytes;
	size_t length, room;
	bool failed; /* memory ran out, and something is missing */
};

void text_add(struct text *text, const char *bytes, size_t length);
void text_add_string(struct text *text, const char *string);

/* ESC [ COUNT FINAL; nothing if COUNT is 0. */
void text_add_control(struct text *text, size_t count, char final);

/*
 * How the first character of some bytes is shown in a line that is edited: as it is, or if it
 * cannot be printed, by what it is: ^C, \xff, \u0085. A tab is the spaces to the next tab stop.
 */
struct glyph {
	char bytes[12];
	size_t length;
	size_t width; /* cells */
	size_t taken; /* of the bytes */
};

void glyph_of(const char *bytes, size_t length, size_t column, struct glyph *glyph);

#endif
