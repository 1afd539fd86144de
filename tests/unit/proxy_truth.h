#ifndef UNIT_PROXY_TRUTH_H
#define UNIT_PROXY_TRUTH_H

#include "protocol/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* PROXY headers, and what is right about any bytes that may be one. */

/* A text as bytes, and how many: its NUL isn't one of them. */
#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define FULL "1111:2222:3333:4444:5555:6666"

enum { FIXED = 16, LONGEST = FIXED + 65535 };

struct sample {
	const unsigned char *bytes;
	size_t length;
	enum proxy_family family;
	const char *address;
	uint16_t port;
};

static unsigned char unix_header[FIXED + 216 + 3];

static const struct sample samples[] = {
	{ BYTES("PROXY TCP4 192.0.2.1 198.51.100.27 50000 7\r\n"), PROXY_INET, "192.0.2.1", 50000 },
	{ BYTES("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n"), PROXY_INET, "0.0.0.0", 0 },
	{ BYTES("PROXY TCP4 255.249.199.99 0.10.100.200 65535 0\r\n"), PROXY_INET, "255.249.199.99",
	  65535 },
	{ BYTES("PROXY TCP6 2001:db8::1 2001:DB8::Ff 9 10\r\n"), PROXY_INET6, "2001:db8::1", 9 },
	{ BYTES("PROXY TCP6 :: ::1 59999 65529\r\n"), PROXY_INET6, "::", 59999 },
	{ BYTES("PROXY TCP6 1:02:003:0004:a:B:c:D 1:2:3:4:5:6:7:: 1 2\r\n"), PROXY_INET6,
	  "1:2:3:4:a:b:c:d", 1 },
	{ BYTES("PROXY TCP6 ::2:3:4:5:6:7:8 1:: 1 2\r\n"), PROXY_INET6, "::2:3:4:5:6:7:8", 1 },
	{ BYTES("PROXY TCP6 ::ffff:192.0.2.1 1:2:3:4:5:6:255.0.10.9 80 8080\r\n"), PROXY_INET6,
	  "::ffff:192.0.2.1", 80 },
	{ BYTES("PROXY TCP6 1:2:3:4:5::1.2.3.4 ::1.2.3.4 1 2\r\n"), PROXY_INET6,
	  "1:2:3:4:5::1.2.3.4", 1 },
	{ BYTES("PROXY TCP6 " FULL ":7777:8888 " FULL ":9999:aaaa 65535 65535\r\n"), PROXY_INET6,
	  FULL ":7777:8888", 65535 },
	{ BYTES("PROXY UNKNOWN\r\n"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES("PROXY UNKNOWN \r\n"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES("PROXY UNKNOWN  TCP4 \0\xff\r\n"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES("PROXY TCP6 " FULL ":255.255.255.255 " FULL ":99.255.255.255 1 2\r\n"), PROXY_INET6,
	  FULL ":ffff:ffff", 1 }, /* 107 bytes */
	{ BYTES("PROXY UNKNOWN " FIFTY TEN TEN TEN TEN "\r\n"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES("PROXY UNKNOWN " FIFTY TEN TEN TEN TEN "1\r\n"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x20\x00\x00\x00"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x20\xff\x00\x03\x04\x00\x00"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x20\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x1b\xc3\x50\x00\x07"),
	  PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x21\x00\x00\x00"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x21\x01\x00\x05\xea\x00\x02zz"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x21\x10\x00\x06\x04\x00\x03TEN"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x21\x10\x00\x0c" TEN "12"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x21\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x1b\xc3\x50\x00\x07"),
	  PROXY_INET, "192.0.2.1", 50000 },
	{ BYTES(SIGNATURE "\x21\x12\x00\x13\xc0\x00\x02\x01\xc6\x33\x64\x1b\xff\xff\x00\x07"
			  "\x03\x00\x04\x85\x36\x00\x62"),
	  PROXY_INET, "192.0.2.1", 65535 },
	{ BYTES(SIGNATURE "\x21\x11\x00\x21\xc0\x00\x02\x01\xc6\x33\x64\x1b\xc3\x50\x00\x07"
			  "\x04\x00\x03\x00\x00\x00"
			  "\x03\x00\x04\x38\x37\x59\x6f"
			  "\xea\x00\x05who\x00\x03"),
	  PROXY_INET, "192.0.2.1", 50000 },
	{ BYTES(SIGNATURE "\x21\x21\x00\x24\x20\x01\x0d\xb8"
			  "abcdefgh\0\0\0\1"
			  "fedcba9876543210"
			  "\x00\x50\x1f\x90"),
	  PROXY_INET6, "2001:db8:6162:6364:6566:6768:0:1", 80 },
	{ BYTES(SIGNATURE "\x21\x22\x00\x27"
			  "0123456789abcdef"
			  "fedcba9876543210"
			  "\x01\x02\x03\x04"
			  "\x05\x00\x00"),
	  PROXY_INET6, "3031:3233:3435:3637:3839:6162:6364:6566", 0x102 },
	{ BYTES(SIGNATURE "\x21\x00\x00\x0a\x04\x00\x00\x03\x00\x04\xef\xdd\xd1\x86"), PROXY_UNSPEC,
	  NULL, 0 },
	{ BYTES(SIGNATURE "\x20\x11\x00\x07\x03\x00\x04\xef\x5b\xd3\x36"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x20\x11\x00\x13\xc0\x00\x02\x01\xc6\x33\x64\x1b\xc3\x50\x00\x07"
			  "\x03\x00\x04\x51\x72\x86\x6d"),
	  PROXY_UNSPEC, NULL, 0 },
	/* as HAProxy 2.6.12 sends them: a health check, and a peer with its unique-id */
	{ BYTES(SIGNATURE "\x20\x00\x00\x07\x03\x00\x04\xa9\xb8\x7e\x8f"), PROXY_UNSPEC, NULL, 0 },
	{ BYTES(SIGNATURE "\x21\x11\x00\x28\x7f\x00\x00\x01\x7f\x00\x00\x01\xe0\xa8\x4a\x37"
			  "\x03\x00\x04\xb2\x1a\x2d\x9d"
			  "\x05\x00\x12"
			  "1795624948-0-16647"),
	  PROXY_INET, "127.0.0.1", 57512 },
	{ unix_header, sizeof(unix_header), PROXY_UNIX, NULL, 0 },
};
enum { SAMPLES = sizeof(samples) / sizeof(samples[0]) };

static inline void proxy_prepare(void)
{
	memcpy(unix_header, BYTES(SIGNATURE "\x21\x31\x00\xdb"));
	for (size_t i = FIXED; i < sizeof(unix_header); i++)
		unix_header[i] = (unsigned char)(i - FIXED); /* NUL first: an abstract name */
	memcpy(unix_header + FIXED + 216, "\x04\x00\x00", 3);
}

static inline struct proxy_step hand_in(struct proxy *proxy, const unsigned char *bytes,
					size_t length, bool record)
{
	proxy_start(proxy, record);
	return proxy_received(proxy, bytes, length);
}

static inline bool is_source(const struct proxy_source *source, enum proxy_family family,
			     const unsigned char *address, size_t length, uint16_t port)
{
	if (family == PROXY_UNSPEC || !source)
		return family == PROXY_UNSPEC && !source;
	for (size_t i = length; i < sizeof(source->address); i++)
		if (source->address[i] != 0)
			return false;
	return source->family == family && source->port == port &&
	       memcmp(source->address, address, length) == 0;
}

static inline bool is_sample(const struct proxy_step *step, const struct sample *sample)
{
	unsigned char address[PROXY_UNIX_ADDRESS] = "";
	size_t length = sizeof(address);
	if (sample->family == PROXY_UNIX)
		memcpy(address, unix_header + FIXED, length);
	else if (sample->family == PROXY_INET)
		length = inet_pton(AF_INET, sample->address, address) == 1 ? 4 : 0;
	else if (sample->family == PROXY_INET6)
		length = inet_pton(AF_INET6, sample->address, address) == 1 ? 16 : 0;
	return step->verdict == PROXY_DONE && !step->reason && length > 0 &&
	       is_source(step->source, sample->family, address, length, sample->port);
}

/*
 * What is right, found another way: a whole line or header at once, with the system's inet_pton(3),
 * and a checksum as the specification words it.
 */

struct truth {
	enum { WHOLE, CUT_OFF, WRONG_OR_CUT_OFF, WRONG } is;
	size_t used;
	struct proxy_source source;
};

static inline bool port_truth(const char *text, uint16_t *port)
{
	char again[24];
	unsigned long number = strtoul(text, NULL, 10);
	snprintf(again, sizeof(again), "%lu", number);
	*port = (uint16_t)number;
	return number <= 65535 && strcmp(text, again) == 0;
}

static inline bool line_truth(char *line, struct proxy_source *source)
{
	char *words[6];
	unsigned char ignored[16];
	uint16_t port;
	for (size_t i = 0; i < 6; i++) {
		words[i] = line;
		line += strcspn(line, " ");
		if ((*line == '\0') != (i == 5))
			return false;
		*line++ = '\0';
	}
	bool inet = strcmp(words[1], "TCP4") == 0;
	int family = inet ? AF_INET : AF_INET6;
	source->family = inet ? PROXY_INET : PROXY_INET6;
	return strcmp(words[0], "PROXY") == 0 && (inet || strcmp(words[1], "TCP6") == 0) &&
	       inet_pton(family, words[2], source->address) == 1 &&
	       inet_pton(family, words[3], ignored) == 1 && port_truth(words[4], &source->port) &&
	       port_truth(words[5], &port);
}

static inline struct truth version_1_truth(const unsigned char *bytes, size_t length)
{
	static const char unknown[] = "PROXY UNKNOWN";
	struct truth wrong = { .is = WRONG_OR_CUT_OFF }, right = { .is = WHOLE };
	char line[128] = "";
	const unsigned char *end = memchr(bytes, '\n', length < 107 ? length : 107);
	if (!end || end == bytes || end[-1] != '\r')
		return wrong;
	right.used = (size_t)(end - bytes) + 1;
	length = right.used - 2;
	memcpy(line, bytes, length);
	size_t keyword = sizeof(unknown) - 1;
	if (length >= keyword && memcmp(line, unknown, keyword) == 0)
		return (length == keyword || line[keyword] == ' ') && !memchr(line, '\r', length)
			       ? right
			       : wrong;
	return strlen(line) == length && line_truth(line, &right.source) ? right : wrong;
}

/*
 * CRC32c as a division with the polynomial as it is written: of each byte the lowest bit comes
 * first, and the remainder is mirrored.
 */
static inline uint32_t checksum_truth(const unsigned char *bytes, size_t length)
{
	uint32_t rest = 0xffffffff, mirrored = 0;
	for (size_t i = 0; i < 8 * length; i++) {
		uint32_t bit = (uint32_t)bytes[i / 8] >> (i % 8) & 1;
		rest = rest << 1 ^ (rest >> 31 != bit ? 0x1edc6f41 : 0);
	}
	for (int i = 0; i < 32; i++)
		mirrored |= (rest >> i & 1) << (31 - i);
	return ~mirrored;
}

/* Takes the checksum at AT away, and puts what it should be into its place. Was it that? */
static inline bool repair_checksum(unsigned char *header, size_t length, size_t at)
{
	unsigned char received[4];
	memcpy(received, header + at, 4);
	memset(header + at, 0, 4);
	uint32_t sum = htonl(checksum_truth(header, length));
	memcpy(header + at, &sum, 4);
	return memcmp(received, &sum, 4) == 0;
}

/* The TLVs from FROM to END, where the header ends; LENGTH bytes of it are here. */
static inline int tlvs_truth(unsigned char *header, size_t from, size_t end, size_t length)
{
	size_t checksum = 0;
	int wrong = length < end ? WRONG_OR_CUT_OFF : WRONG;
	while (from < end) {
		if (end - from < 3)
			return wrong;
		if (length < from + 3)
			return length > from ? wrong : CUT_OFF;
		size_t size = header[from + 1] * 256u + header[from + 2];
		bool sums = header[from] == 3;
		from += 3;
		if (size > end - from || (sums && (size != 4 || checksum > 0)))
			return wrong;
		checksum = sums ? from : checksum;
		from += size;
	}
	if (length < end)
		return CUT_OFF;
	return checksum == 0 || repair_checksum(header, end, checksum) ? WHOLE : WRONG;
}

static inline struct truth version_2_truth(unsigned char *bytes, size_t length)
{
	static const unsigned needs[16] = { 0, 12, 36, 216 }, sizes[] = { 0, 4, 16, 108 };
	struct truth truth = { .is = WRONG_OR_CUT_OFF };
	if (length < FIXED || memcmp(bytes, BYTES(SIGNATURE)) != 0 || bytes[12] >> 1 != 0x10)
		return truth;
	unsigned family = bytes[13] >> 4, transport = bytes[13] & 15;
	size_t rest = bytes[14] * 256u + bytes[15], addresses = needs[family];
	if (bytes[12] == 0x20)
		family = transport = 0;
	if (family > 3 || transport > 2)
		return truth;
	if (transport == 0)
		family = 0;
	if (rest < needs[family])
		return truth;
	truth.is =
		tlvs_truth(bytes, FIXED + (rest < addresses ? 0 : addresses), FIXED + rest, length);
	truth.used = FIXED + rest;
	truth.source.family = (enum proxy_family)family;
	if (truth.is != WHOLE)
		return truth;
	memcpy(truth.source.address, bytes + FIXED, sizes[family]);
	const unsigned char *port = bytes + FIXED + 2 * sizes[family];
	truth.source.port = (uint16_t)(family == 1 || family == 2 ? port[0] * 256 + port[1] : 0);
	return truth;
}

/* The whole of them at once, in memory where nothing is behind them. */
static inline bool is_true(const unsigned char *bytes, size_t length, struct proxy_step *step,
			   struct proxy *proxy)
{
	unsigned char *exact = calloc(1, length ? length : 1);
	if (!exact)
		return false;
	if (length > 0)
		memcpy(exact, bytes, length);
	*step = hand_in(proxy, exact, length, false);
	struct truth truth = length > 0 && *exact == '\r' ? version_2_truth(exact, length)
							  : version_1_truth(exact, length);
	free(exact);
	if ((step->verdict == PROXY_REFUSED) != (step->reason != NULL) || step->used > length ||
	    (step->source && step->verdict != PROXY_DONE))
		return false;
	if (truth.is == CUT_OFF)
		return step->verdict == PROXY_MORE && step->used == length;
	if (truth.is == WRONG)
		return step->verdict == PROXY_REFUSED;
	if (truth.is == WRONG_OR_CUT_OFF)
		return step->verdict == PROXY_REFUSED ||
		       (step->verdict == PROXY_MORE && step->used == length);
	return step->verdict == PROXY_DONE && step->used == truth.used &&
	       is_source(step->source, truth.source.family, truth.source.address,
			 sizeof(truth.source.address), truth.source.port);
}

#endif
