#ifndef UNIT_JSON_DESCENT_H
#define UNIT_JSON_DESCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A second opinion on JSON, built another way: recursive descent over the whole text, which is
 * easy to compare with RFC 8259. It is for tests only.
 */

enum descent {
	WHOLE,
	SHORT, /* the text ends too early */
	BAD,   /* the byte at AT cannot stand there */
};

struct text {
	const unsigned char *bytes;
	size_t length, at;
};

static inline enum descent descend(struct text *text, unsigned depth);

/* Takes the next byte, if it is one of SET. */
static inline enum descent one_of(struct text *text, const char *set)
{
	if (text->at == text->length)
		return SHORT;
	unsigned char byte = text->bytes[text->at];
	if (byte == '\0' || !strchr(set, byte))
		return BAD;
	text->at++;
	return WHOLE;
}

static inline bool optional(struct text *text, const char *set)
{
	return one_of(text, set) == WHOLE;
}

static inline void white(struct text *text)
{
	while (optional(text, " \t\r\n"))
		;
}

static inline enum descent digits(struct text *text)
{
	enum descent first = one_of(text, "0123456789");
	while (first == WHOLE && optional(text, "0123456789"))
		;
	return first;
}

static inline enum descent number(struct text *text)
{
	enum descent outcome = WHOLE;
	optional(text, "-");
	if (!optional(text, "0"))
		outcome = digits(text);
	if (outcome == WHOLE && optional(text, "."))
		outcome = digits(text);
	if (outcome == WHOLE && optional(text, "eE")) {
		optional(text, "+-");
		outcome = digits(text);
	}
	return outcome;
}

static inline enum descent word(struct text *text, const char *letters)
{
	enum descent outcome = WHOLE;
	for (; *letters && outcome == WHOLE; letters++)
		outcome = one_of(text, (const char[]){ *letters, '\0' });
	return outcome;
}

/*
 * By arithmetic: can the bytes so far still become a character that UTF-8 may encode in as many
 * bytes as the first of them says?
 */
static inline enum descent character(struct text *text)
{
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = text->bytes[text->at];
	unsigned count = lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
	if (count == 0)
		return BAD;
	unsigned long code = lead & (0xffu >> (count + 1));
	for (unsigned left = count - 1;; left--) {
		unsigned long lowest = code << 6 * left, highest = lowest | ((1ul << 6 * left) - 1);
		bool surrogates = lowest >= 0xd800 && highest <= 0xdfff;
		if (highest < least[count] || lowest > 0x10ffff || surrogates)
			return BAD;
		text->at++;
		if (left == 0)
			return WHOLE;
		if (text->at == text->length)
			return SHORT;
		if (text->bytes[text->at] >> 6 != 2)
			return BAD;
		code = code << 6 | (text->bytes[text->at] & 0x3f);
	}
}

static inline enum descent string(struct text *text)
{
	enum descent outcome = one_of(text, "\"");
	while (outcome == WHOLE) {
		if (text->at == text->length)
			return SHORT;
		unsigned char byte = text->bytes[text->at];
		if (optional(text, "\""))
			return WHOLE;
		if (optional(text, "\\")) {
			if (optional(text, "u"))
				for (int i = 0; i < 4 && outcome == WHOLE; i++)
					outcome = one_of(text, "0123456789abcdefABCDEF");
			else
				outcome = one_of(text, "\"\\/bfnrt");
		} else if (byte < 0x20) {
			return BAD;
		} else if (byte < 0x80) {
			text->at++;
		} else {
			outcome = character(text);
		}
	}
	return outcome;
}

static inline enum descent member(struct text *text, bool object, unsigned depth)
{
	enum descent outcome = WHOLE;
	white(text);
	if (object) {
		if ((outcome = string(text)) != WHOLE)
			return outcome;
		white(text);
		if ((outcome = one_of(text, ":")) != WHOLE)
			return outcome;
		white(text);
	}
	if ((outcome = descend(text, depth)) == WHOLE)
		white(text);
	return outcome;
}

static inline enum descent bracketed(struct text *text, bool object, unsigned depth)
{
	const char *end = object ? "}" : "]";
	enum descent outcome;
	if (depth == 0)
		return BAD;
	text->at++;
	white(text);
	if (optional(text, end))
		return WHOLE;
	do
		outcome = member(text, object, depth - 1);
	while (outcome == WHOLE && optional(text, ","));
	return outcome == WHOLE ? one_of(text, end) : outcome;
}

/* One value from AT on; leaves AT after it, or at the bad byte. It may open DEPTH brackets. */
static inline enum descent descend(struct text *text, unsigned depth)
{
	if (text->at == text->length)
		return SHORT;
	switch (text->bytes[text->at]) {
	case '{':
		return bracketed(text, true, depth);
	case '[':
		return bracketed(text, false, depth);
	case '"':
		return string(text);
	case 't':
		return word(text, "true");
	case 'f':
		return word(text, "false");
	case 'n':
		return word(text, "null");
	default:
		return number(text);
	}
}

#endif
