#include "terminal/width.h"

#include "check.h"

#include <stddef.h>

int main(void)
{
	static const struct {
		const char *what;
		uint32_t first, last;
		int width;
	} rows[] = {
		{ "ASCII", ' ', '~', 1 },
		{ "Latin", 0xa0, 0x2ff, 1 },
		{ "combining accents", 0x300, 0x36f, 0 },
		{ "Greek", 0x391, 0x3a1, 1 },
		{ "Hebrew points", 0x591, 0x5bd, 0 },
		{ "Hebrew letters", 0x5d0, 0x5ea, 1 },
		{ "a sign of Devanagari", 0x94d, 0x94d, 0 },
		{ "first consonants of Hangul", 0x1100, 0x115f, 2 },
		{ "its vowels and final consonants", 0x1160, 0x11ff, 0 },
		{ "zero-width joiner, and marks of direction", 0x200b, 0x200f, 0 },
		{ "box drawing", 0x2500, 0x257f, 1 },
		{ "a snowman is text", 0x2603, 0x2603, 1 },
		{ "an hourglass is an emoji", 0x231b, 0x231b, 2 },
		{ "ideographic space to hiragana", 0x3000, 0x3029, 2 },
		{ "tone marks of kana", 0x3099, 0x309a, 0 },
		{ "katakana", 0x30a1, 0x30ff, 2 },
		{ "Chinese characters", 0x4e00, 0x9fff, 2 },
		{ "Hangul", 0xac00, 0xd7a3, 2 },
		{ "variation selectors", 0xfe00, 0xfe0f, 0 },
		{ "fullwidth forms", 0xff01, 0xff60, 2 },
		{ "halfwidth katakana", 0xff61, 0xff9f, 1 },
		{ "the replacement character", 0xfffd, 0xfffd, 1 },
		{ "faces", 0x1f600, 0x1f64f, 2 },
		{ "rare Chinese characters", 0x20000, 0x2fffd, 2 },
		{ "the last plane", 0x10fffd, 0x10ffff, 1 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t character = rows[i].first;
		while (character <= rows[i].last && width_of(character) == rows[i].width)
			character++;
		check(character > rows[i].last, "%s: %d", rows[i].what, rows[i].width);
	}
	return check_done();
}
