#include "protocol/proxy_address.h"

#include <stddef.h>
#include <string.h>

enum {
	GROUP = 2, /* bytes of an IPv6 address between two colons */
	NO_GAP = 0xff,
};

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

/* The digits so far, read as decimal ones, as an octet written the one way it can be; -1: none. */
static int octet(const struct proxy_address *address)
{
	unsigned digits = address->digits, value = 0;
	if (digits == 0 || (digits > 1 && address->number >> (4 * (digits - 1)) == 0))
		return -1;
	while (digits-- > 0) {
		unsigned digit = address->number >> (4 * digits) & 0xf;
		if (digit > 9)
			return -1;
		value = value * 10 + digit;
	}
	return value <= 255 ? (int)value : -1;
}

static void add_digit(struct proxy_address *address, int digit)
{
	address->number = address->number << 4 | (uint32_t)digit;
	address->digits++;
}

static void put(struct proxy_address *address, unsigned byte)
{
	address->bytes[address->filled++] = (unsigned char)byte;
}

static void put_group(struct proxy_address *address)
{
	put(address, address->number >> 8);
	put(address, address->number & 0xff);
	address->number = address->digits = 0;
}

static bool put_octet(struct proxy_address *address)
{
	int value = octet(address);
	if (value == -1)
		return false;
	put(address, (unsigned)value);
	address->number = address->digits = 0;
	return true;
}

/* Is there room for LENGTH bytes more? A gap stands for one group of zeroes at least. */
static bool has_room(const struct proxy_address *address, unsigned length)
{
	unsigned gap = address->gap == NO_GAP ? 0 : GROUP;
	return address->filled + gap + length <= PROXY_INET6_ADDRESS;
}

/* From here on the address is in decimal octets: IPv4, or the end of IPv6. */
static bool is_dotted(const struct proxy_address *address)
{
	return !address->inet6 || address->dots > 0;
}

static bool on_digit(struct proxy_address *address, int digit)
{
	if (is_dotted(address)) {
		add_digit(address, digit);
		return octet(address) != -1;
	}
	/* a single colon can't begin an address */
	if (address->last == ':' && address->filled == 0 && address->gap == NO_GAP)
		return false;
	if (address->digits == 4 || !has_room(address, GROUP))
		return false;
	add_digit(address, digit);
	return true;
}

static bool on_dot(struct proxy_address *address)
{
	if (address->dots == 3)
		return false;
	if (!is_dotted(address)) {
		bool fits = address->gap == NO_GAP
				    ? address->filled == PROXY_INET6_ADDRESS - PROXY_INET_ADDRESS
				    : has_room(address, PROXY_INET_ADDRESS);
		if (!fits)
			return false;
	}
	address->dots++;
	return put_octet(address);
}

static bool on_colon(struct proxy_address *address)
{
	if (is_dotted(address))
		return false;
	if (address->digits > 0) {
		put_group(address);
		return has_room(address, GROUP);
	}
	if (address->last == 0)
		return true;
	/* the second in a row */
	if (address->last != ':' || address->gap != NO_GAP)
		return false;
	address->gap = address->filled;
	return true;
}

void proxy_address_start(struct proxy_address *address, bool inet6)
{
	*address = (struct proxy_address){ .inet6 = inet6, .gap = NO_GAP };
}

bool proxy_address_byte(struct proxy_address *address, unsigned char byte)
{
	int digit = hex_digit(byte);
	bool good;
	if (digit != -1)
		good = on_digit(address, digit);
	else if (byte == '.')
		good = on_dot(address);
	else
		good = byte == ':' && on_colon(address);
	address->last = byte;
	return good;
}

bool proxy_address_end(struct proxy_address *address)
{
	if (is_dotted(address)) {
		if (address->dots != 3 || !put_octet(address))
			return false;
	} else if (address->digits > 0) {
		put_group(address);
	} else if (address->gap != address->filled) {
		return false; /* empty, or it ends in a single colon */
	}
	size_t length = address->inet6 ? PROXY_INET6_ADDRESS : PROXY_INET_ADDRESS;
	size_t filled = address->filled, gap = address->gap;
	if (gap == NO_GAP)
		return filled == length;
	memmove(address->bytes + gap + length - filled, address->bytes + gap, filled - gap);
	memset(address->bytes + gap, 0, length - filled);
	return true;
}
