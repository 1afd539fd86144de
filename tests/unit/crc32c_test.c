#include "base/crc32c.h"

#include "check.h"

#include <string.h>

/* RFC 3720, appendix B.4, which has them with the lowest byte first; and the usual check value. */
static void test_vectors(void)
{
	static const unsigned char read_10[48] = {
		0x01, 0xc0, [16] = 0x14, [22] = 0x04, [27] = 0x14, [31] = 0x18, 0x28, [40] = 0x02,
	};
	unsigned char bytes[32];
	check(crc32c(0, "", 0) == 0, "of nothing");
	check(crc32c(0, "123456789", 9) == 0xe3069283, "of the digits 1 to 9");
	memset(bytes, 0, sizeof(bytes));
	check(crc32c(0, bytes, sizeof(bytes)) == 0x8a9136aa, "of 32 bytes of zeroes");
	memset(bytes, 0xff, sizeof(bytes));
	check(crc32c(0, bytes, sizeof(bytes)) == 0x62a8ab43, "of 32 bytes of ones");
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	check(crc32c(0, bytes, sizeof(bytes)) == 0x46dd794e, "of 32 bytes that go up");
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(31 - i);
	check(crc32c(0, bytes, sizeof(bytes)) == 0x113fdb5c, "of 32 bytes that go down");
	check(crc32c(0, read_10, sizeof(read_10)) == 0xd9963a56, "of an iSCSI read command");
}

/* By its definition, a bit at a time; it finds each wrong entry of a table. */
static uint32_t defined(const unsigned char *bytes, size_t length)
{
	uint32_t rest = 0xffffffff;
	for (size_t i = 0; i < 8 * length; i++) {
		uint32_t bit = (uint32_t)bytes[i / 8] >> (i % 8) & 1;
		rest = rest >> 1 ^ ((rest ^ bit) & 1 ? 0x82f63b78 : 0);
	}
	return ~rest;
}

static void test_random(void)
{
	unsigned char bytes[300];
	unsigned bad = 0, cut_bad = 0;
	for (unsigned try = 0; try < 2000; try++) {
		size_t length = check_random(sizeof(bytes) + 1);
		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char)check_random(256);
		uint32_t whole = crc32c(0, bytes, length), pieces = 0;
		for (size_t at = 0, piece; at < length; at += piece) {
			piece = check_random((unsigned)(length - at) + 1);
			pieces = crc32c(pieces, bytes + at, piece);
		}
		bad += whole != defined(bytes, length);
		cut_bad += whole != pieces;
	}
	check(bad == 0, "of bytes at random: as defined");
	check(cut_bad == 0, "and in pieces the same");
}

int main(void)
{
	test_vectors();
	test_random();
	return check_done();
}
