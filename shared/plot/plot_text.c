#include "plot/plot_text.h"

#include <inttypes.h>
#include <stdbool.h>

#define REPLACEMENT 0xfffd

/* How many bytes follow this one in UTF-8 (RFC 3629); -1 for what begins no character. */
static int followers(unsigned char byte)
{
	if (byte < 0x80)
		return 0;
	return byte < 0xc2 ? -1 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : -1;
}

/* The next character, in a form that XML 1.0 (section 2.2) allows; a broken byte counts as one. */
static uint32_t next(const char **at)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)*at;
	int more = followers(bytes[0]);
	(*at)++;
	if (more == -1)
		return REPLACEMENT;
	uint32_t code = more == 0 ? bytes[0] : bytes[0] & (0x3fu >> more);
	for (int i = 1; i <= more; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		code = code << 6 | (bytes[i] & 0x3fu);
	}
	if (code < least[more] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return REPLACEMENT;
	*at += more;
	if (code == '\t' || code == '\n' || code == '\r')
		return ' ';
	/* XML allows some control characters, but none of them is visible. */
	bool control = code < ' ' || (code >= 0x7f && code < 0xa0);
	return control || (code & 0xfffe) == 0xfffe ? REPLACEMENT : code;
}

static size_t columns(uint32_t code)
{
	return code >= 0x1100 && code != REPLACEMENT && (code < 0x2000 || code >= 0x2e80) ? 2 : 1;
}

size_t plot_text_width(const char *text)
{
	size_t width = 0;
	while (*text)
		width += columns(next(&text));
	return width;
}

static void put(FILE *stream, uint32_t code, const char *bytes, size_t length)
{
	switch (code) {
	case '<':
		fputs("&lt;", stream);
		break;
	case '>':
		fputs("&gt;", stream);
		break;
	case '&':
		fputs("&amp;", stream);
		break;
	case '"':
		fputs("&quot;", stream);
		break;
	case '\'':
		fputs("&#39;", stream);
		break;
	case ' ':
		fputc(' ', stream);
		break;
	case REPLACEMENT:
		fputs("\xef\xbf\xbd", stream);
		break;
	default:
		fwrite(bytes, 1, length, stream);
	}
}

void plot_text_put(FILE *stream, const char *text, size_t most)
{
	bool cut = plot_text_width(text) > most;
	size_t width = 0;
	while (*text) {
		const char *from = text;
		uint32_t code = next(&text);
		width += columns(code);
		if (cut && width >= most)
			break;
		put(stream, code, from, (size_t)(text - from));
	}
	if (cut)
		fputs("\xe2\x80\xa6", stream);
}

static const char *const units[] = { "ns", "us", "ms", "s" };

const char *plot_text_tick(char text[PLOT_FIGURE], double value)
{
	unsigned unit = 0;
	for (; unit < 3 && value >= 1000; unit++)
		value /= 1000;
	snprintf(text, PLOT_FIGURE, "%g %s", value, units[unit]);
	return text;
}

const char *plot_text_duration(char text[PLOT_FIGURE], double value)
{
	unsigned unit = 0;
	/* What would be rounded to 1000 is 1 of the next unit. */
	for (; unit < 3 && value >= 999.5; unit++)
		value /= 1000;
	bool vast = value >= 1e6;
	int decimals = vast ? 2 : unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
	snprintf(text, PLOT_FIGURE, vast ? "%.*e %s" : "%.*f %s", decimals, value, units[unit]);
	return text;
}

const char *plot_text_count(char text[PLOT_FIGURE], uint64_t count)
{
	char digits[PLOT_FIGURE];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
	char *to = text;
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

const char *plot_text_percentile(char text[PLOT_FIGURE], unsigned decade)
{
	static const char nines[] = "99999999999999999999";
	if (decade < 2)
		snprintf(text, PLOT_FIGURE, "%u%%", decade * 90);
	else
		snprintf(text, PLOT_FIGURE, "99%s%.*s%%", decade > 2 ? "." : "", (int)(decade - 2),
			 nines);
	return text;
}

const char *plot_text_rarity(char text[PLOT_FIGURE], unsigned decade)
{
	static const char *const names[] = { "million", "billion", "trillion" };
	uint64_t number = 1;
	unsigned name = decade < 6 ? 0 : decade / 3 - 1 < 3 ? decade / 3 - 1 : 3;
	for (unsigned i = name > 0 ? (name + 1) * 3 : 0; i < decade; i++)
		number *= 10;
	char count[PLOT_FIGURE];
	snprintf(text, PLOT_FIGURE, "1 in %.24s%s%s", plot_text_count(count, number),
		 name ? " " : "", name ? names[name - 1] : "");
	return text;
}
