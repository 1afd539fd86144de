#include "protocol/proxy.h"

#include <string.h>

enum {
	LONGEST_LINE = 107, /* version 1, CR LF included */
	FIXED = 16,         /* bytes of version 2 that every header has */
	INET_ADDRESS = 4,
	INET6_ADDRESS = 16,
	GROUP = 2, /* bytes of an IPv6 address between two colons */
	NO_GAP = 0xff,
};

/* What the next byte is, once the fixed text before it is through. */
enum stage {
	FIRST, /* tells the versions apart */
	PROTOCOL,
	FAMILY_DIGIT,
	FIELD,
	BEHIND_UNKNOWN,
	REST_OF_UNKNOWN,
	COMMAND,
	FAMILY,
	LENGTH_HIGH,
	LENGTH_LOW,
	BODY,
	NONE_DONE,
	NONE_REFUSED,
};

/* The fields of a line in version 1; their order is the line's. */
enum field { SOURCE_ADDRESS, DESTINATION_ADDRESS, SOURCE_PORT, DESTINATION_PORT };

static const char no_header[] = "not a PROXY header";
static const char no_address[] = "a PROXY header with an address that is none";
static const char no_port[] = "a PROXY header with a port that is none";
static const char no_end[] = "a PROXY header whose line doesn't end with CR LF";

_Static_assert(sizeof(struct proxy) <= 200, "each waiting connection has one");
_Static_assert(2 * INET6_ADDRESS + 4 <= PROXY_UNIX_ADDRESS, "two addresses and ports have room");

/* LENGTH: of the text, which may hold a NUL. NULL, as from all that take a byte: right so far. */
static const char *expect(struct proxy *proxy, const char *text, size_t length, enum stage then)
{
	proxy->expected = text;
	proxy->missing = (unsigned char)length;
	proxy->stage = (unsigned char)then;
	return NULL;
}

static size_t address_length(const struct proxy *proxy)
{
	switch (proxy->source.family) {
	case PROXY_INET:
		return INET_ADDRESS;
	case PROXY_INET6:
		return INET6_ADDRESS;
	case PROXY_UNIX:
		return PROXY_UNIX_ADDRESS;
	default:
		return 0;
	}
}

/* What stands behind the source's address was never asked for. */
static void forget_destination(struct proxy *proxy)
{
	size_t length = address_length(proxy);
	memset(proxy->source.address + length, 0, sizeof(proxy->source.address) - length);
}

/* -1: none. */
static int hex_digit(unsigned char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

/*
 * The digits so far, read as decimal ones, are a number up to LIMIT, and written the one way it can
 * be.
 */
static bool is_decimal(const struct proxy *proxy, uint32_t limit, uint32_t *value)
{
	unsigned digits = proxy->text.digits;
	*value = 0;
	if (digits == 0 || (digits > 1 && proxy->text.number >> (4 * (digits - 1)) == 0))
		return false;
	while (digits-- > 0) {
		uint32_t digit = proxy->text.number >> (4 * digits) & 0xf;
		if (digit > 9)
			return false;
		*value = *value * 10 + digit;
	}
	return *value <= limit;
}

static void add_digit(struct proxy *proxy, int digit)
{
	proxy->text.number = proxy->text.number << 4 | (uint32_t)digit;
	proxy->text.digits++;
}

static unsigned char *address_of_field(struct proxy *proxy)
{
	return proxy->source.address + INET6_ADDRESS * proxy->text.field;
}

static void put(struct proxy *proxy, uint32_t byte)
{
	address_of_field(proxy)[proxy->text.filled++] = (unsigned char)byte;
}

static void put_group(struct proxy *proxy)
{
	put(proxy, proxy->text.number >> 8);
	put(proxy, proxy->text.number & 0xff);
	proxy->text.number = proxy->text.digits = 0;
}

static bool put_octet(struct proxy *proxy)
{
	uint32_t octet;
	if (!is_decimal(proxy, 255, &octet))
		return false;
	put(proxy, octet);
	proxy->text.number = proxy->text.digits = 0;
	return true;
}

/* Is there room for LENGTH bytes more? A gap stands for one group of zeroes at least. */
static bool has_room(const struct proxy *proxy, unsigned length)
{
	unsigned gap = proxy->text.gap == NO_GAP ? 0 : GROUP;
	return proxy->text.filled + gap + length <= INET6_ADDRESS;
}

/* From here on the address is in decimal octets: IPv4, or the end of IPv6. */
static bool is_dotted(const struct proxy *proxy)
{
	return proxy->source.family == PROXY_INET || proxy->text.dots > 0;
}

static bool on_digit(struct proxy *proxy, int digit)
{
	uint32_t octet;
	if (is_dotted(proxy)) {
		add_digit(proxy, digit);
		return is_decimal(proxy, 255, &octet);
	}
	/* a single colon can't begin an address */
	if (proxy->text.last == ':' && proxy->text.filled == 0 && proxy->text.gap == NO_GAP)
		return false;
	if (proxy->text.digits == 4 || !has_room(proxy, GROUP))
		return false;
	add_digit(proxy, digit);
	return true;
}

static bool on_dot(struct proxy *proxy)
{
	if (proxy->text.dots == 3)
		return false;
	if (!is_dotted(proxy)) {
		bool fits = proxy->text.gap == NO_GAP
				    ? proxy->text.filled == INET6_ADDRESS - INET_ADDRESS
				    : has_room(proxy, INET_ADDRESS);
		if (!fits)
			return false;
	}
	proxy->text.dots++;
	return put_octet(proxy);
}

static bool on_colon(struct proxy *proxy)
{
	if (is_dotted(proxy))
		return false;
	if (proxy->text.digits > 0) {
		put_group(proxy);
		return has_room(proxy, GROUP);
	}
	if (proxy->text.last == 0)
		return true;
	/* the second in a row */
	if (proxy->text.last != ':' || proxy->text.gap != NO_GAP)
		return false;
	proxy->text.gap = proxy->text.filled;
	return true;
}

static bool end_address(struct proxy *proxy)
{
	if (is_dotted(proxy)) {
		if (proxy->text.dots != 3 || !put_octet(proxy))
			return false;
	} else if (proxy->text.digits > 0) {
		put_group(proxy);
	} else if (proxy->text.gap != proxy->text.filled) {
		return false; /* empty, or it ends in a single colon */
	}
	size_t filled = proxy->text.filled, gap = proxy->text.gap, length = address_length(proxy);
	if (gap == NO_GAP)
		return filled == length;
	unsigned char *address = address_of_field(proxy);
	memmove(address + gap + length - filled, address + gap, filled - gap);
	memset(address + gap, 0, length - filled);
	return true;
}

static const char *on_address(struct proxy *proxy, unsigned char byte)
{
	int digit = hex_digit(byte);
	bool good;
	if (digit != -1)
		good = on_digit(proxy, digit);
	else if (byte == '.')
		good = on_dot(proxy);
	else
		good = byte == ':' && on_colon(proxy);
	proxy->text.last = byte;
	return good ? NULL : no_address;
}

static void begin_field(struct proxy *proxy, enum field field)
{
	memset(&proxy->text, 0, sizeof(proxy->text));
	proxy->text.field = (unsigned char)field;
	proxy->text.gap = NO_GAP;
}

static const char *end_line(struct proxy *proxy)
{
	forget_destination(proxy);
	return expect(proxy, "\n", 1, NONE_DONE);
}

static const char *on_port(struct proxy *proxy, unsigned char byte)
{
	int digit = hex_digit(byte);
	uint32_t port;
	bool last = proxy->text.field == DESTINATION_PORT;
	if (digit != -1) {
		add_digit(proxy, digit);
		return is_decimal(proxy, 65535, &port) ? NULL : no_port;
	}
	if (byte != (last ? '\r' : ' ') || !is_decimal(proxy, 65535, &port))
		return no_port;
	if (last)
		return end_line(proxy);
	proxy->source.port = (uint16_t)port;
	begin_field(proxy, DESTINATION_PORT);
	return NULL;
}

static const char *on_field(struct proxy *proxy, unsigned char byte)
{
	if (proxy->text.field >= SOURCE_PORT)
		return on_port(proxy, byte);
	if (byte != ' ')
		return on_address(proxy, byte);
	if (!end_address(proxy))
		return no_address;
	begin_field(proxy, (enum field)(proxy->text.field + 1));
	return NULL;
}

static const char *on_line(struct proxy *proxy, unsigned char byte)
{
	if (proxy->seen == LONGEST_LINE - 1 && byte != '\r')
		return "a PROXY header whose line is too long";
	if (byte == '\n')
		return no_end;
	if (proxy->stage == FIELD)
		return on_field(proxy, byte);
	if (byte == '\r')
		return end_line(proxy);
	if (proxy->stage == BEHIND_UNKNOWN && byte != ' ')
		return no_header;
	proxy->stage = REST_OF_UNKNOWN;
	return NULL;
}

static const char *on_family_digit(struct proxy *proxy, unsigned char byte)
{
	if (byte != '4' && byte != '6')
		return "a PROXY header with an unknown protocol";
	proxy->source.family = byte == '4' ? PROXY_INET : PROXY_INET6;
	begin_field(proxy, SOURCE_ADDRESS);
	return expect(proxy, " ", 1, FIELD);
}

static const char *on_command(struct proxy *proxy, unsigned char byte)
{
	if (byte >> 4 != 2)
		return "a PROXY header of an unknown version";
	if ((byte & 0xf) > 1)
		return "a PROXY header with an unknown command";
	proxy->local = (byte & 0xf) == 0;
	proxy->stage = FAMILY;
	return NULL;
}

static const char *on_family(struct proxy *proxy, unsigned char byte)
{
	unsigned family = byte >> 4, transport = byte & 0xf;
	proxy->stage = LENGTH_HIGH;
	if (proxy->local)
		return NULL;
	if (family > PROXY_UNIX)
		return "a PROXY header with an unknown address family";
	if (transport > 2)
		return "a PROXY header with an unknown transport";
	if (transport > 0)
		proxy->source.family = (enum proxy_family)family;
	return NULL;
}

static const char *on_length(struct proxy *proxy, unsigned char byte)
{
	bool high = proxy->stage == LENGTH_HIGH;
	proxy->length = (uint16_t)(proxy->length << 8 | byte);
	proxy->stage = high ? LENGTH_LOW : proxy->length > 0 ? BODY : NONE_DONE;
	if (high)
		return NULL;
	size_t ports =
		proxy->source.family == PROXY_INET || proxy->source.family == PROXY_INET6 ? 4 : 0;
	if (proxy->length < 2 * address_length(proxy) + ports)
		return "a PROXY header whose length is short of its addresses";
	return NULL;
}

static const char *on_body(struct proxy *proxy, unsigned char byte)
{
	struct proxy_source *source = &proxy->source;
	size_t index = proxy->seen - FIXED - 1;
	if (index < sizeof(source->address))
		source->address[index] = byte;
	if (proxy->seen < (uint32_t)FIXED + proxy->length)
		return NULL;
	if (source->family == PROXY_INET || source->family == PROXY_INET6) {
		const unsigned char *port = source->address + 2 * address_length(proxy);
		source->port = (uint16_t)(port[0] << 8 | port[1]);
	}
	forget_destination(proxy);
	proxy->stage = NONE_DONE;
	return NULL;
}

/* NULL: right so far. */
static const char *on_byte(struct proxy *proxy, unsigned char byte)
{
	if (proxy->missing > 0) {
		if (byte != (unsigned char)*proxy->expected++)
			return proxy->stage == NONE_DONE ? no_end : no_header;
		proxy->missing--;
		return NULL;
	}
	switch (proxy->stage) {
	case FIRST:
		if (byte == 'P')
			return expect(proxy, "ROXY ", 5, PROTOCOL);
		if (byte == '\r')
			return expect(proxy, "\n\r\n\0\r\nQUIT\n", 11, COMMAND);
		return no_header;
	case PROTOCOL:
		if (byte == 'T')
			return expect(proxy, "CP", 2, FAMILY_DIGIT);
		if (byte == 'U')
			return expect(proxy, "NKNOWN", 6, BEHIND_UNKNOWN);
		return "a PROXY header with an unknown protocol";
	case FAMILY_DIGIT:
		return on_family_digit(proxy, byte);
	case COMMAND:
		return on_command(proxy, byte);
	case FAMILY:
		return on_family(proxy, byte);
	case LENGTH_HIGH:
	case LENGTH_LOW:
		return on_length(proxy, byte);
	case BODY:
		return on_body(proxy, byte);
	default:
		return on_line(proxy, byte);
	}
}

static bool is_done(const struct proxy *proxy)
{
	return proxy->stage == NONE_DONE && proxy->missing == 0;
}

static struct proxy_step done(const struct proxy *proxy, size_t used)
{
	bool told = proxy->source.family != PROXY_UNSPEC;
	return (struct proxy_step){ .verdict = PROXY_DONE,
				    .used = used,
				    .source = told ? &proxy->source : NULL };
}

static struct proxy_step refused(struct proxy *proxy, size_t used, const char *reason)
{
	proxy->stage = NONE_REFUSED;
	return (struct proxy_step){ .verdict = PROXY_REFUSED, .used = used, .reason = reason };
}

void proxy_start(struct proxy *proxy, bool record)
{
	*proxy = (struct proxy){ .record = record, .stage = FIRST };
}

struct proxy_step proxy_received(struct proxy *proxy, const void *bytes, size_t length)
{
	if (is_done(proxy))
		return done(proxy, 0);
	if (proxy->stage == NONE_REFUSED)
		return refused(proxy, 0, "it was refused before");
	const unsigned char *each = bytes;
	size_t used = 0;
	while (used < length && !is_done(proxy)) {
		proxy->seen++;
		const char *wrong = on_byte(proxy, each[used++]);
		if (wrong)
			return refused(proxy, used, wrong);
	}
	if (proxy->record && !is_done(proxy))
		return refused(proxy, used, "a record that ends within its PROXY header");
	if (proxy->record && used < length)
		return refused(proxy, used, "a record that goes on behind its PROXY header");
	if (is_done(proxy))
		return done(proxy, used);
	return (struct proxy_step){ .verdict = PROXY_MORE, .used = used };
}

const char *proxy_ended(const struct proxy *proxy)
{
	if (is_done(proxy))
		return "it ended after its PROXY header";
	return proxy->seen > 0 ? "it ended within its PROXY header"
			       : "it ended before its PROXY header";
}
