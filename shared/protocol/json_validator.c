#include "protocol/json_validator.h"

#include <string.h>

/* What the next byte is looked at as. */
enum state {
	BEFORE,       /* a value, or white space; without depth: between two values of the stream */
	ARRAY_START,  /* likewise, or `]` */
	OBJECT_START, /* a name or `}` */
	NAME,         /* a name: after a comma */
	COLON,
	AFTER, /* a comma, or the end of what is open */
	STRING,
	ESCAPE,  /* after a backslash */
	HEX,     /* after \u */
	TAIL,    /* within a UTF-8 sequence */
	LITERAL, /* within true, false or null */
	MINUS,
	ZERO, /* after a leading zero */
	INTEGER,
	POINT, /* after the point: a digit */
	FRACTION,
	EXPONENT,      /* after e: a sign or a digit */
	EXPONENT_SIGN, /* after that: a digit */
	EXPONENT_DIGITS,
	WRONG,
};

/*
 * What a byte did: any of these. None: it ended the number before it, and is
 * looked at once more.
 */
enum { TAKEN = 1, COMPLETED = 2, REFUSED = 4 };

static unsigned take(struct json_validator *json, enum state state)
{
	json->state = (unsigned char)state;
	return TAKEN;
}

static unsigned refuse(struct json_validator *json, const char *reason)
{
	json->state = WRONG;
	json->reason = reason;
	return REFUSED;
}

static bool is_white(unsigned char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_hex(unsigned char byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* A number at the end of which the input may be. */
static bool is_number(const struct json_validator *json)
{
	return json->state == ZERO || json->state == INTEGER || json->state == FRACTION ||
	       json->state == EXPONENT_DIGITS;
}

/* A value is complete; is it part of another? */
static unsigned complete(struct json_validator *json)
{
	if (json->depth > 0) {
		json->state = AFTER;
		return 0;
	}
	json->values++;
	json->state = BEFORE;
	return COMPLETED;
}

static unsigned open_bracket(struct json_validator *json, bool object)
{
	if (json->depth == JSON_DEPTH)
		return refuse(json, "arrays and objects are nested too deep");
	unsigned char bit = (unsigned char)(1 << json->depth % 8);
	unsigned char *byte = &json->objects[json->depth / 8];
	*byte = (unsigned char)(object ? *byte | bit : *byte & ~bit);
	json->depth++;
	return take(json, object ? OBJECT_START : ARRAY_START);
}

static bool in_object(const struct json_validator *json)
{
	unsigned top = json->depth - 1;
	return json->objects[top / 8] >> top % 8 & 1;
}

static unsigned close_bracket(struct json_validator *json)
{
	json->depth--;
	return TAKEN | complete(json);
}

static unsigned start_string(struct json_validator *json, bool name)
{
	json->name = name;
	return take(json, STRING);
}

static unsigned start_literal(struct json_validator *json, const char *rest)
{
	json->rest = rest;
	return take(json, LITERAL);
}

static unsigned start_value(struct json_validator *json, unsigned char byte)
{
	switch (byte) {
	case '[':
		return open_bracket(json, false);
	case '{':
		return open_bracket(json, true);
	case '"':
		return start_string(json, false);
	case '-':
		return take(json, MINUS);
	case '0':
		return take(json, ZERO);
	case 't':
		return start_literal(json, "rue");
	case 'f':
		return start_literal(json, "alse");
	case 'n':
		return start_literal(json, "ull");
	case 0xef:
		return refuse(json, "a byte order mark, or another byte that starts no value");
	default:
		break;
	}
	return is_digit(byte) ? take(json, INTEGER) : refuse(json, "a byte that starts no value");
}

/* The first byte says how many follow, and for some where the second one lies (RFC 3629, 4). */
static unsigned start_sequence(struct json_validator *json, unsigned char byte)
{
	if (byte < 0xc2 || byte > 0xf4)
		return refuse(json, "not UTF-8");
	json->tail = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	json->low = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
	json->high = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
	return take(json, TAIL);
}

static unsigned go_on_sequence(struct json_validator *json, unsigned char byte)
{
	if (byte < json->low || byte > json->high)
		return refuse(json, "not UTF-8");
	json->low = 0x80;
	json->high = 0xbf;
	return take(json, --json->tail > 0 ? TAIL : STRING);
}

static unsigned go_on_string(struct json_validator *json, unsigned char byte)
{
	if (byte == '"')
		return json->name ? take(json, COLON) : TAKEN | complete(json);
	if (byte == '\\')
		return take(json, ESCAPE);
	if (byte < ' ')
		return refuse(json, "a control character in a string");
	return byte < 0x80 ? TAKEN : start_sequence(json, byte);
}

static unsigned go_on_escape(struct json_validator *json, unsigned char byte)
{
	if (byte == 'u') {
		json->digits = 4;
		return take(json, HEX);
	}
	if (byte == '\0' || !strchr("\"\\/bfnrt", byte))
		return refuse(json, "an unknown escape in a string");
	return take(json, STRING);
}

static unsigned go_on_hex(struct json_validator *json, unsigned char byte)
{
	if (!is_hex(byte))
		return refuse(json, "not four hexadecimal digits behind \\u");
	return take(json, --json->digits > 0 ? HEX : STRING);
}

static unsigned go_on_literal(struct json_validator *json, unsigned char byte)
{
	if (byte != (unsigned char)*json->rest)
		return refuse(json, "neither true nor false nor null");
	return *++json->rest ? TAKEN : TAKEN | complete(json);
}

static unsigned go_on_number(struct json_validator *json, unsigned char byte)
{
	enum state state = json->state;
	if (is_digit(byte)) {
		switch (state) {
		case MINUS:
			return take(json, byte == '0' ? ZERO : INTEGER);
		case ZERO:
			return complete(json);
		case POINT:
			return take(json, FRACTION);
		case EXPONENT:
		case EXPONENT_SIGN:
			return take(json, EXPONENT_DIGITS);
		default:
			return TAKEN;
		}
	}
	if (byte == '.' && (state == ZERO || state == INTEGER))
		return take(json, POINT);
	if ((byte == 'e' || byte == 'E') &&
	    (state == ZERO || state == INTEGER || state == FRACTION))
		return take(json, EXPONENT);
	if ((byte == '+' || byte == '-') && state == EXPONENT)
		return take(json, EXPONENT_SIGN);
	return is_number(json) ? complete(json) : refuse(json, "a digit is missing in a number");
}

/* Where white space may stand. */
static unsigned between(struct json_validator *json, unsigned char byte)
{
	if (is_white(byte))
		return TAKEN;
	switch (json->state) {
	case ARRAY_START:
		return byte == ']' ? close_bracket(json) : start_value(json, byte);
	case OBJECT_START:
		if (byte == '}')
			return close_bracket(json);
		/* fall through */
	case NAME:
		return byte == '"' ? start_string(json, true)
				   : refuse(json, "no name where an object needs one");
	case COLON:
		return byte == ':' ? take(json, BEFORE) : refuse(json, "no colon behind a name");
	case AFTER:
		if (byte == ',')
			return take(json, in_object(json) ? NAME : BEFORE);
		if (byte == (in_object(json) ? '}' : ']'))
			return close_bracket(json);
		return refuse(json, in_object(json) ? "neither a comma nor } behind a member"
						    : "neither a comma nor ] behind an element");
	default:
		return start_value(json, byte);
	}
}

static unsigned step(struct json_validator *json, unsigned char byte)
{
	switch (json->state) {
	case STRING:
		return go_on_string(json, byte);
	case ESCAPE:
		return go_on_escape(json, byte);
	case HEX:
		return go_on_hex(json, byte);
	case TAIL:
		return go_on_sequence(json, byte);
	case LITERAL:
		return go_on_literal(json, byte);
	case WRONG:
		return REFUSED;
	default:
		break;
	}
	return json->state < STRING ? between(json, byte) : go_on_number(json, byte);
}

/* Most bytes of most inputs are letters in strings: they need no more than a look. */
static size_t plain(const unsigned char *bytes, size_t length)
{
	size_t i = 0;
	while (i < length && bytes[i] >= ' ' && bytes[i] < 0x80 && bytes[i] != '"' &&
	       bytes[i] != '\\')
		i++;
	return i;
}

void json_validator_start(struct json_validator *json)
{
	memset(json, 0, sizeof(*json)); /* BEFORE is 0 */
}

enum json_verdict json_validator_feed(struct json_validator *json, const void *bytes, size_t length,
				      size_t *used)
{
	const unsigned char *next = bytes;
	size_t i = 0;
	unsigned effect = json->state == WRONG ? REFUSED : 0;
	while (i < length && !(effect & (COMPLETED | REFUSED))) {
		if (json->state == STRING && (i += plain(next + i, length - i)) == length)
			break;
		effect = step(json, next[i]);
		i += effect & TAKEN;
	}
	*used = i;
	return effect & REFUSED ? JSON_WRONG : effect & COMPLETED ? JSON_VALUE : JSON_MORE;
}

enum json_ending json_validator_end(struct json_validator *json)
{
	if (json->state == WRONG)
		return JSON_BROKEN;
	if (is_number(json))
		complete(json);
	if (json->state != BEFORE || json->depth > 0) {
		json->reason = "the input ends within a value";
		return JSON_INCOMPLETE;
	}
	if (json->values == 1)
		return JSON_ONE;
	json->reason = json->values == 0 ? "there is no value" : "there is more than one value";
	return json->values == 0 ? JSON_NONE : JSON_SEVERAL;
}

enum json_ending json_validator_record(const void *bytes, size_t length, size_t *good,
				       const char **reason)
{
	struct json_validator json;
	json_validator_start(&json);
	if (json_validator_feed(&json, bytes, length, good) == JSON_VALUE) {
		const unsigned char *next = bytes;
		while (*good < length && is_white(next[*good]))
			++*good;
		if (*good < length)
			refuse(&json, "something behind the value");
	}
	enum json_ending ending = json_validator_end(&json);
	*reason = json.reason;
	return ending;
}
