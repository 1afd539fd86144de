#include "terminal/text.h"

#include "terminal/utf8.h"
#include "terminal/width.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(struct text *text, const char *bytes, size_t length)
{
	if (text->room - text->length < length) {
		size_t room = 2 * (text->length + length) + 256;
		char *larger = realloc(text->bytes, room);
		if (!larger) {
			text->failed = true;
			return;
		}
		text->bytes = larger;
		text->room = room;
	}
	if (length > 0)
		memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

void text_add_string(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_add_control(struct text *text, size_t count, char final)
{
	char sequence[32];
	snprintf(sequence, sizeof(sequence), "\x1b[%zu%c", count, final);
	if (count > 0)
		text_add_string(text, sequence);
}

void glyph_of(const char *bytes, size_t length, size_t column, struct glyph *glyph)
{
	uint32_t character;
	unsigned char first = (unsigned char)*bytes;
	char *to = glyph->bytes;
	size_t room = sizeof(glyph->bytes);
	glyph->taken = utf8_decode(bytes, length, &character);
	if (character == '\t')
		glyph->length = (size_t)snprintf(to, room, "%*s", 8 - (int)(column % 8), "");
	else if (character < ' ' || character == 0x7f)
		glyph->length = (size_t)snprintf(to, room, "^%c", first ^ 0x40);
	else if (character >= UTF8_PARTIAL) {
		glyph->taken = 1;
		glyph->length = (size_t)snprintf(to, room, "\\x%02x", first);
	} else if (character >= 0x80 && character < 0xa0) /* a terminal might obey it */
		glyph->length = (size_t)snprintf(to, room, "\\u%04x", (unsigned)character);
	else {
		memcpy(to, bytes, glyph->taken);
		glyph->length = glyph->taken;
		glyph->width = (size_t)width_of(character);
		return;
	}
	glyph->width = glyph->length;
}
