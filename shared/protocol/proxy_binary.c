#include "protocol/proxy_binary.h"

#include <stddef.h>

/* Bytes that every header has: the signature, and then one or two of each. */
enum { COMMAND = 12, FAMILY = 13, LENGTH = 14, FIXED = 16 };

enum stage { IN_FIXED, IN_BODY, WHOLE };

static const char signature[COMMAND + 1] = "\r\n\r\n\0\r\nQUIT\n";

static size_t address_length(enum proxy_family family)
{
	static const unsigned char lengths[] = { [PROXY_INET] = PROXY_INET_ADDRESS,
						 [PROXY_INET6] = PROXY_INET6_ADDRESS,
						 [PROXY_UNIX] = PROXY_UNIX_ADDRESS };
	return lengths[family];
}

static bool has_ports(enum proxy_family family)
{
	return family == PROXY_INET || family == PROXY_INET6;
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
	unsigned family = byte >> 4, transport = byte & 0xf;
	if (binary->local)
		return NULL;
	if (family > PROXY_UNIX)
		return "a PROXY header with an unknown address family";
	if (transport > 2)
		return "a PROXY header with an unknown transport";
	if (transport > 0)
		binary->source.family = (enum proxy_family)family;
	return NULL;
}

static const char *on_length(struct proxy_binary *binary, unsigned char byte)
{
	enum proxy_family family = binary->source.family;
	binary->left = (uint16_t)(binary->left << 8 | byte);
	if (binary->at < FIXED)
		return NULL;
	if (binary->left < 2 * address_length(family) + (has_ports(family) ? 4 : 0))
		return "a PROXY header whose length is short of its addresses";
	binary->stage = binary->left > 0 ? IN_BODY : WHOLE;
	binary->at = 0;
	return NULL;
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

/* Of the addresses and ports, the source's. */
static void on_body(struct proxy_binary *binary, unsigned char byte)
{
	struct proxy_source *source = &binary->source;
	size_t at = binary->at++, length = address_length(source->family);
	if (at < length)
		source->address[at] = byte;
	else if (has_ports(source->family) && at >= 2 * length && at < 2 * length + 2)
		source->port = (uint16_t)(source->port << 8 | byte);
	if (--binary->left == 0)
		binary->stage = WHOLE;
}

void proxy_binary_start(struct proxy_binary *binary)
{
	*binary = (struct proxy_binary){ .stage = IN_FIXED };
}

const char *proxy_binary_byte(struct proxy_binary *binary, unsigned char byte)
{
	if (binary->stage == IN_FIXED)
		return on_fixed(binary, byte);
	on_body(binary, byte);
	return NULL;
}

bool proxy_binary_is_whole(const struct proxy_binary *binary)
{
	return binary->stage == WHOLE;
}
