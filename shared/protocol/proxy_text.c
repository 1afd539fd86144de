#include "protocol/proxy_text.h"

#include <stddef.h>
#include <string.h>

enum {
	LONGEST_LINE = 107, /* CR LF included */
	HIGHEST_PORT = 65535,
};

/* What the next byte is, once the fixed text before it is through. */
enum stage {
	PROTOCOL,
	FAMILY_DIGIT,
	FIELD,
	AFTER_UNKNOWN,
	REST_OF_UNKNOWN,
	WHOLE,
};

/* Their order is the line's. */
enum field { SOURCE_ADDRESS, DESTINATION_ADDRESS, SOURCE_PORT, DESTINATION_PORT };

static const char no_header[] = "not a PROXY header";
static const char no_protocol[] = "a PROXY header with an unknown protocol";
static const char no_address[] = "a PROXY header with an address that is none";
static const char no_port[] = "a PROXY header with a port that is none";
static const char no_end[] = "a PROXY header whose line doesn't end with CR LF";

/* NULL, as from all that take a byte: right so far. */
static const char *expect(struct proxy_text *text, const char *expected, enum stage then)
{
	text->expected = expected;
	text->missing = (unsigned char)strlen(expected);
	text->stage = (unsigned char)then;
	return NULL;
}

static void begin_field(struct proxy_text *text, enum field field)
{
	text->field = (unsigned char)field;
	text->port = text->digits = 0;
	proxy_address_start(&text->address, text->source.family == PROXY_INET6);
}

static const char *on_address(struct proxy_text *text, unsigned char byte)
{
	struct proxy_address *address = &text->address;
	size_t size = address->inet6 ? PROXY_INET6_ADDRESS : PROXY_INET_ADDRESS;
	if (byte != ' ')
		return proxy_address_byte(address, byte) ? NULL : no_address;
	if (!proxy_address_end(address))
		return no_address;
	if (text->field == SOURCE_ADDRESS)
		memcpy(text->source.address, address->bytes, size);
	else if (text->more)
		memcpy(text->more->address, address->bytes, size);
	begin_field(text, (enum field)(text->field + 1));
	return NULL;
}

static const char *on_port(struct proxy_text *text, unsigned char byte)
{
	bool last = text->field == DESTINATION_PORT;
	if (byte >= '0' && byte <= '9') {
		bool leading_zero = text->digits == 1 && text->port == 0;
		text->port = text->port * 10 + (byte - '0');
		text->digits++;
		return leading_zero || text->port > HIGHEST_PORT ? no_port : NULL;
	}
	if (text->digits == 0 || byte != (last ? '\r' : ' '))
		return no_port;
	if (last) {
		if (text->more)
			text->more->port = (uint16_t)text->port;
		return expect(text, "\n", WHOLE);
	}
	text->source.port = (uint16_t)text->port;
	begin_field(text, DESTINATION_PORT);
	return NULL;
}

static const char *on_rest_of_line(struct proxy_text *text, unsigned char byte)
{
	if (text->seen == LONGEST_LINE - 1 && byte != '\r')
		return "a PROXY header whose line is too long";
	if (byte == '\n')
		return no_end;
	if (text->stage == FIELD)
		return text->field < SOURCE_PORT ? on_address(text, byte) : on_port(text, byte);
	if (byte == '\r')
		return expect(text, "\n", WHOLE);
	if (text->stage == AFTER_UNKNOWN && byte != ' ')
		return no_header;
	text->stage = REST_OF_UNKNOWN;
	return NULL;
}

void proxy_text_start(struct proxy_text *text, struct proxy_more *more)
{
	*text = (struct proxy_text){ .source.family = PROXY_UNSPEC, .more = more };
	expect(text, "PROXY ", PROTOCOL);
}

const char *proxy_text_byte(struct proxy_text *text, unsigned char byte)
{
	text->seen++;
	if (text->missing > 0) {
		if (byte != (unsigned char)*text->expected++)
			return text->stage == WHOLE ? no_end : no_header;
		text->missing--;
		return NULL;
	}
	switch (text->stage) {
	case PROTOCOL:
		if (byte == 'T')
			return expect(text, "CP", FAMILY_DIGIT);
		return byte == 'U' ? expect(text, "NKNOWN", AFTER_UNKNOWN) : no_protocol;
	case FAMILY_DIGIT:
		if (byte != '4' && byte != '6')
			return no_protocol;
		text->source.family = byte == '4' ? PROXY_INET : PROXY_INET6;
		begin_field(text, SOURCE_ADDRESS);
		return expect(text, " ", FIELD);
	default:
		return on_rest_of_line(text, byte);
	}
}

bool proxy_text_is_whole(const struct proxy_text *text)
{
	return text->stage == WHOLE && text->missing == 0;
}
