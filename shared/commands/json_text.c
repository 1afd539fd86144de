#include "commands/json_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 32
#define HEX "0123456789abcdefABCDEF"

void json_text_write_string(FILE *stream, const char *text)
{
	putc('"', stream);
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte == '"' || byte == '\\')
			fprintf(stream, "\\%c", byte);
		else if (byte < ' ')
			fprintf(stream, "\\u%04x", byte);
		else
			putc(byte, stream);
	}
	putc('"', stream);
}

static const char *skip_space(const char *text)
{
	return text ? text + strspn(text, " \t\r\n") : NULL;
}

static const char *skip_string(const char *text)
{
	if (*text++ != '"')
		return NULL;
	for (; *text != '"'; text++) {
		if ((unsigned char)*text < ' ')
			return NULL;
		if (*text != '\\')
			continue;
		if (!*++text || !strchr("\"\\/bfnrtu", *text))
			return NULL;
		for (int left = *text == 'u' ? 4 : 0; left > 0; left--)
			if (!*++text || !strchr(HEX, *text))
				return NULL;
	}
	return text + 1;
}

/* NULL: there is none. */
static const char *skip_digits(const char *text)
{
	size_t length = strspn(text, "0123456789");
	return length > 0 ? text + length : NULL;
}

static const char *skip_scalar(const char *text)
{
	static const char *const words[] = { "true", "false", "null" };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return text + strlen(words[i]);
	text += *text == '-';
	text = *text == '0' ? text + 1 : skip_digits(text);
	if (text && *text == '.')
		text = skip_digits(text + 1);
	if (text && (*text == 'e' || *text == 'E')) {
		text++;
		text = skip_digits(text + (*text == '+' || *text == '-'));
	}
	return text;
}

static const char *skip(const char *text, int depth)
{
	text = skip_space(text);
	if (!text || depth > DEEPEST)
		return NULL;
	if (*text == '"')
		return skip_string(text);
	if (*text != '{' && *text != '[')
		return skip_scalar(text);
	char close = *text == '{' ? '}' : ']';
	bool object = *text == '{';
	text = skip_space(text + 1);
	if (*text == close)
		return text + 1;
	for (;;) {
		if (object) {
			text = skip_space(skip_string(skip_space(text)));
			if (!text || *text++ != ':')
				return NULL;
		}
		text = skip_space(skip(text, depth + 1));
		if (!text || (*text != ',' && *text != close))
			return NULL;
		if (*text++ == close)
			return text;
		text = skip_space(text);
	}
}

const char *json_text_skip(const char *value)
{
	return skip(value, 0);
}

const char *json_text_member(const char *object, const char *name)
{
	size_t length = strlen(name);
	object = skip_space(object);
	if (!object || *object != '{')
		return NULL;
	for (const char *text = skip_space(object + 1); *text == '"';) {
		bool found = strncmp(text + 1, name, length) == 0 && text[length + 1] == '"';
		const char *colon = skip_space(skip_string(text));
		if (!colon)
			return NULL;
		text = skip_space(colon + 1);
		if (found)
			return text;
		text = skip_space(json_text_skip(text));
		if (*text == ',')
			text = skip_space(text + 1);
	}
	return NULL;
}

const char *json_text_first(const char *array)
{
	array = skip_space(array);
	if (!array || *array != '[')
		return NULL;
	array = skip_space(array + 1);
	return *array == ']' ? NULL : array;
}

const char *json_text_next(const char *element)
{
	const char *text = skip_space(json_text_skip(element));
	return text && *text == ',' ? skip_space(text + 1) : NULL;
}

bool json_text_integer(const char *value, int64_t *number)
{
	char *end;
	if (!value || !strchr("-0123456789", *value))
		return false;
	errno = 0;
	long long read = strtoll(value, &end, 10);
	*number = read;
	return errno == 0 && end == json_text_skip(value);
}

bool json_text_number(const char *value, double *number)
{
	if (!value || !strchr("-0123456789", *value))
		return false;
	*number = strtod(value, NULL);
	return true;
}

bool json_text_boolean(const char *value, bool *truth)
{
	if (!value || (*value != 't' && *value != 'f'))
		return false;
	*truth = *value == 't';
	return true;
}

bool json_text_string(const char *value, char *text, size_t room)
{
	if (!value || *value != '"')
		return false;
	for (value++; *value != '"'; value++) {
		char byte = *value;
		if (byte == '\\' && value[1] == 'u') {
			char digits[5] = { 0 };
			strncpy(digits, value + 2, 4);
			unsigned long code = strtoul(digits, NULL, 16);
			if (strspn(digits, HEX) != 4 || code > 0x7f || code == 0)
				return false;
			byte = (char)code;
			value += 5;
		} else if (byte == '\\') {
			byte = *++value;
			if (!strchr("\"\\/", byte))
				return false;
		}
		if (room < 2)
			return false;
		*text++ = byte;
		room--;
	}
	*text = '\0';
	return true;
}
