#include "protocol/proxy_binary.h"

#include "base/crc32c.h"

#include <stddef.h>

/* Where in the fixed bytes, after the signature. */
enum { COMMAND = 12, FAMILY = 13, LENGTH = 14, FIXED_SIZE = 16 };

enum { TLV_HEADER = 3, TYPE_CRC32C = 3, CRC32C_SIZE = 4 };

/* A header's parts, in their order; from TLV on they repeat. */
enum part { FIXED, ADDRESSES, TLV, VALUE, WHOLE };

static const char signature[COMMAND + 1] = "\r\n\r\n\0\r\nQUIT\n";

static const char wrong_sum[] = "a PROXY header whose checksum is wrong";
static const char too_long[] = "a PROXY header with a TLV that runs beyond its end";

static size_t address_size(unsigned family)
{
	static const unsigned char sizes[] = { [PROXY_INET] = PROXY_INET_ADDRESS,
					       [PROXY_INET6] = PROXY_INET6_ADDRESS,
					       [PROXY_UNIX] = PROXY_UNIX_ADDRESS };
	return family < sizeof(sizes) ? sizes[family] : 0;
}

static bool has_ports(unsigned family)
{
	return family == PROXY_INET || family == PROXY_INET6;
}

/* Have the addresses, or a value, ended? */
static void advance(struct proxy_binary *binary)
{
	if (binary->at < binary->size)
		return;
	binary->part = binary->left > 0 ? TLV : WHOLE;
	binary->at = 0;
}

/* SIZE bytes of PART come next, and after them nothing, or one TLV at least. */
static const char *begin(struct proxy_binary *binary, enum part part, size_t size)
{
	if (size > binary->left || (size < binary->left && size + TLV_HEADER > binary->left))
		return too_long;
	binary->part = (unsigned char)part;
	binary->at = 0;
	binary->size = (uint16_t)size;
	advance(binary);
	return NULL;
}

static const char *on_command(struct proxy_binary *binary, unsigned char byte)
{
	if (byte >> 4 != 2)
		return "a PROXY header of an unknown version";
	if ((byte & 0xf) > 1)
		return "a PROXY header with an unknown command";
	binary->local = (byte & 0xf) == 0;
	return NULL;
}

static const char *on_family(struct proxy_binary *binary, unsigned char byte)
{
	unsigned transport = byte & 0xf;
	binary->family = byte >> 4;
	if (binary->local)
		return NULL;
	if (binary->family > PROXY_UNIX)
		return "a PROXY header with an unknown address family";
	if (transport > 2)
		return "a PROXY header with an unknown transport";
	if (transport > 0)
		binary->source.family = (enum proxy_family)binary->family;
	return NULL;
}

static const char *on_length(struct proxy_binary *binary, unsigned char byte)
{
	size_t ports = has_ports(binary->family) ? 4 : 0;
	size_t addresses = 2 * address_size(binary->family) + ports;
	binary->left = (uint16_t)(binary->left << 8 | byte);
	if (binary->at < FIXED_SIZE)
		return NULL;
	if (addresses <= binary->left)
		return begin(binary, ADDRESSES, addresses);
	if (binary->source.family == PROXY_UNSPEC)
		return begin(binary, ADDRESSES, 0);
	return "a PROXY header whose length is short of its addresses";
}

static const char *on_fixed(struct proxy_binary *binary, unsigned char byte)
{
	unsigned at = binary->at++;
	if (at < COMMAND)
		return byte == (unsigned char)signature[at] ? NULL : "not a PROXY header";
	if (at < FAMILY)
		return on_command(binary, byte);
	if (at < LENGTH)
		return on_family(binary, byte);
	return on_length(binary, byte);
}

/* Keeps them, if they are asked for: the source's, the destination's, and their ports. */
static void on_addresses(struct proxy_binary *binary, unsigned char byte)
{
	struct proxy_source *source = &binary->source;
	struct proxy_more *more = binary->more;
	size_t at = binary->at++, size = address_size(source->family);
	if (at < size)
		source->address[at] = byte;
	else if (at < 2 * size && more)
		more->address[at - size] = byte;
	else if (has_ports(source->family) && at >= 2 * size && at < 2 * size + 2)
		source->port = (uint16_t)(source->port << 8 | byte);
	else if (has_ports(source->family) && at >= 2 * size + 2 && more)
		more->port = (uint16_t)(more->port << 8 | byte);
	advance(binary);
}

static const char *on_type(struct proxy_binary *binary, unsigned char byte)
{
	bool sum = byte == TYPE_CRC32C;
	if (sum && binary->summed)
		return "a PROXY header with two checksums";
	binary->summed |= sum;
	binary->type = byte;
	return NULL;
}

static const char *on_tlv(struct proxy_binary *binary, unsigned char byte)
{
	bool sum = binary->type == TYPE_CRC32C;
	switch (binary->at++) {
	case 0:
		return on_type(binary, byte);
	case 1:
		binary->size = (uint16_t)(byte << 8);
		if (sum && byte != 0)
			return wrong_sum;
		return binary->size < binary->left ? NULL : too_long;
	default:
		binary->size |= byte;
		if (sum && binary->size != CRC32C_SIZE)
			return wrong_sum;
		return begin(binary, VALUE, binary->size);
	}
}

static void on_value(struct proxy_binary *binary, unsigned char byte)
{
	if (binary->type == TYPE_CRC32C)
		binary->received = binary->received << 8 | byte;
	binary->at++;
	advance(binary);
}

static const char *on_part(struct proxy_binary *binary, unsigned char byte)
{
	struct proxy_more *more = binary->more;
	if (binary->part == FIXED)
		return on_fixed(binary, byte);
	binary->left--;
	if (binary->part != ADDRESSES && more && more->length < PROXY_TLVS)
		more->tlvs[more->length++] = byte;
	if (binary->part == TLV)
		return on_tlv(binary, byte);
	if (binary->part == ADDRESSES)
		on_addresses(binary, byte);
	else
		on_value(binary, byte);
	return NULL;
}

void proxy_binary_start(struct proxy_binary *binary, struct proxy_more *more)
{
	*binary = (struct proxy_binary){ .part = FIXED, .more = more };
}

const char *proxy_binary_byte(struct proxy_binary *binary, unsigned char byte)
{
	bool sum = binary->part == VALUE && binary->type == TYPE_CRC32C;
	unsigned char counted = sum ? 0 : byte;
	binary->sum = crc32c(binary->sum, &counted, 1);
	const char *wrong = on_part(binary, byte);
	if (wrong || binary->part != WHOLE)
		return wrong;
	return binary->summed && binary->received != binary->sum ? wrong_sum : NULL;
}

bool proxy_binary_is_whole(const struct proxy_binary *binary)
{
	return binary->part == WHOLE;
}
