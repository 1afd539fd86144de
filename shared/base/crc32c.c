#include "base/crc32c.h"

/* What four bits that are shifted out do to the rest, by the polynomial 0x1edc6f41 mirrored. */
static const uint32_t after_nibble[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
	0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
	0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

/* Half a byte at a time: the table is small enough to be read, and headers are short. */
uint32_t crc32c(uint32_t before, const void *bytes, size_t length)
{
	const unsigned char *each = bytes;
	uint32_t rest = ~before;
	for (size_t i = 0; i < length; i++) {
		rest ^= each[i];
		rest = rest >> 4 ^ after_nibble[rest & 0xf];
		rest = rest >> 4 ^ after_nibble[rest & 0xf];
	}
	return ~rest;
}
