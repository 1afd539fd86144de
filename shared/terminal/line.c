#include "terminal/line.h"

#include "terminal/utf8.h"
#include "terminal/width.h"

#include <stdlib.h>
#include <string.h>

void line_free(struct line *line)
{
	free(line->bytes);
}

void line_clear(struct line *line)
{
	line->length = line->cursor = 0;
	line->overlong = false;
}

static bool make_room(struct line *line, size_t length)
{
	if (length > LINE_BYTES - line->length)
		return false;
	if (line->room - line->length >= length)
		return true;
	size_t room = 2 * (line->length + length) + 64;
	char *bytes = realloc(line->bytes, room);
	if (!bytes)
		return false;
	line->bytes = bytes;
	line->room = room;
	return true;
}

void line_insert(struct line *line, const char *bytes, size_t length)
{
	if (length == 0)
		return;
	if (!make_room(line, length)) {
		line->overlong = true;
		return;
	}
	char *at = line->bytes + line->cursor;
	memmove(at + length, at, line->length - line->cursor);
	memcpy(at, bytes, length);
	line->length += length;
	line->cursor += length;
}

void line_replace(struct line *line, const char *bytes, size_t length)
{
	line_clear(line);
	line_insert(line, bytes, length);
}

/* The character at a place, its end in *END. */
static bool is_combining(const struct line *line, size_t place, size_t *end)
{
	uint32_t character;
	*end = place + utf8_decode(line->bytes + place, line->length - place, &character);
	return character < UTF8_PARTIAL && width_of(character) == 0;
}

size_t line_left(const struct line *line)
{
	size_t place = line->cursor, end;
	while (place > 0) {
		place = utf8_before(line->bytes, place);
		if (!is_combining(line, place, &end))
			break;
	}
	return place;
}

size_t line_right(const struct line *line)
{
	size_t place = line->cursor, end;
	if (place == line->length)
		return place;
	is_combining(line, place, &end);
	for (place = end; place < line->length && is_combining(line, place, &end);)
		place = end;
	return place;
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t';
}

size_t line_word_left(const struct line *line)
{
	size_t place = line->cursor;
	while (place > 0 && is_space(line->bytes[place - 1]))
		place--;
	while (place > 0 && !is_space(line->bytes[place - 1]))
		place--;
	return place;
}

size_t line_word_right(const struct line *line)
{
	size_t place = line->cursor;
	while (place < line->length && is_space(line->bytes[place]))
		place++;
	while (place < line->length && !is_space(line->bytes[place]))
		place++;
	return place;
}

void line_remove_to(struct line *line, size_t place)
{
	size_t from = place < line->cursor ? place : line->cursor;
	size_t to = place < line->cursor ? line->cursor : place;
	if (to < line->length)
		memmove(line->bytes + from, line->bytes + to, line->length - to);
	line->length -= to - from;
	line->cursor = from;
}
