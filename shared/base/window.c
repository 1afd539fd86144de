#include "base/window.h"

#include "base/winsize.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNKNOWN = 80, LEAST = 20, MOST = 10000 };

int window_columns(int fd)
{
	const char *said = getenv("COLUMNS");
	long columns = said ? strtol(said, NULL, 10) : 0;
	if (columns <= 0 || columns > MOST)
		columns = winsize_columns(fd);
	if (columns <= 0)
		columns = UNKNOWN;
	return columns < LEAST ? LEAST : (int)columns;
}

/* The bytes after the first one of a character are 10xxxxxx. */
static bool starts_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

int window_text(const char *text)
{
	int columns = 0;
	for (; *text; text++)
		columns += starts_character(*text);
	return columns;
}

size_t window_line(const char *text, int columns)
{
	size_t fits = 0; /* up to the last end of a word that does */
	int used = 0;
	for (size_t i = 0;; i++) {
		bool ends_word = (text[i] == ' ' || text[i] == '\0') && i > 0 && text[i - 1] != ' ';
		if (ends_word && (used <= columns || fits == 0))
			fits = i;
		if (text[i] == '\0' || (used > columns && fits > 0))
			return fits;
		used += starts_character(text[i]);
	}
}

const char *window_shorten(char *room, size_t size, const char *text, int columns)
{
	int too_many = window_text(text) - columns;
	if (too_many <= 0)
		return text;
	/* the end, a port or a file's name, tells more than the start */
	int kept = columns - 3, head = kept / 2;
	const char *tail = text;
	size_t length = 0;
	for (int i = 0; i < head + too_many + 3; i++)
		do
			tail++;
		while (!starts_character(*tail));
	for (int i = 0; i < head; i++)
		do
			length++;
		while (!starts_character(text[length]));
	snprintf(room, size, "%.*s...%s", (int)length, text, tail);
	return room;
}
