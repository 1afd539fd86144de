#include "terminal/utf8.h"

#include "check.h"

#include <string.h>

static size_t encode(uint32_t character, char *bytes)
{
	if (character < 0x80) {
		bytes[0] = (char)character;
		return 1;
	}
	size_t more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
	for (size_t i = more; i > 0; i--) {
		bytes[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	bytes[0] = (char)((0xff00U >> (more + 1) & 0xff) | character);
	return more + 1;
}

static void test_all(void)
{
	size_t good = 0, partial = 0, before = 0, parts = 0;
	for (uint32_t wanted = 0; wanted <= 0x10ffff; wanted++) {
		char bytes[5] = "";
		uint32_t got;
		if (wanted >= 0xd800 && wanted <= 0xdfff)
			continue;
		size_t length = encode(wanted, bytes);
		good += utf8_decode(bytes, sizeof(bytes), &got) == length && got == wanted;
		before += utf8_before(bytes, length) == 0;
		for (size_t part = 1; part < length; part++, parts++)
			partial += utf8_decode(bytes, part, &got) == part && got == UTF8_PARTIAL;
	}
	check(good == 0x110000 - 0x800, "%zu characters are read", good);
	check(before == good, "and found from their end");
	check(partial == parts, "and %zu beginnings of some are no more than that", parts);
}

static void test_invalid(void)
{
	static const struct {
		const char *what, *bytes;
	} rows[] = {
		{ "a byte that only follows", "\x80" },
		{ "bytes that are never used", "\xff" },
		{ "an overlong form", "\xc0\x80" },
		{ "an overlong form of three bytes", "\xe0\x9f\xbf" },
		{ "an overlong form of four", "\xf0\x8f\xbf\xbf" },
		{ "a surrogate", "\xed\xa0\x80" },
		{ "beyond U+10FFFF", "\xf4\x90\x80\x80" },
		{ "a character broken off", "\xe6\x97x" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t got;
		size_t length = strlen(rows[i].bytes);
		check(utf8_decode(rows[i].bytes, length, &got) == 1 && got == UTF8_INVALID,
		      "%s: a byte by itself", rows[i].what);
		check(utf8_before(rows[i].bytes, length) == length - 1, "%s: from its end",
		      rows[i].what);
	}
}

int main(void)
{
	test_all();
	test_invalid();
	return check_done();
}
