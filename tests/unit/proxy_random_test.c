#include "proxy_truth.h"

#include "check.h"

static unsigned accepted, misjudged, waiting;

/* SAMPLE with its byte AT changed to BYTE. */
static void corrupt(const struct sample *sample, size_t at, unsigned char byte)
{
	unsigned char bytes[512];
	struct proxy proxy;
	struct proxy_step step;
	memcpy(bytes, sample->bytes, sample->length);
	bytes[at] = byte;
	misjudged += !is_true(bytes, sample->length, &step, &proxy);

	bool line = *sample->bytes == 'P';
	size_t where = at + 1;
	if (at == 0 && (byte == 'P' || byte == '\r'))
		where = 2; /* as the other version begins */
	if (at < (line ? 6 : 12))
		accepted += step.verdict != PROXY_REFUSED || step.used != where;
	waiting += line && step.verdict == PROXY_MORE;
}

static void test_corruption(void)
{
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t at = 0; at < samples[i].length; at++)
			for (unsigned byte = 0; byte < 256; byte++)
				if (byte != samples[i].bytes[at])
					corrupt(&samples[i], at, (unsigned char)byte);
	check(misjudged == 0, "each byte of each sample changed to each other: as it should");
	check(accepted == 0, "in the fixed parts it is refused there and then");
	check(waiting == 0, "and a whole line is right or wrong, but never not enough");
}

/* Can TEXT become an address, by what may be missing from one? */
static bool has_ending(const char *text, int family, bool dotted)
{
	static const char *const begin[] = { "", "1", ":", ":1", ".1", "1.1" };
	unsigned char ignored[16];
	char whole[256];
	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++) {
		snprintf(whole, sizeof(whole), "%s%s", text, begin[i]);
		for (unsigned more = 0; more < 8; more++) {
			if (inet_pton(family, whole, ignored) == 1)
				return true;
			strcat(whole, dotted ? ".1" : ":1");
		}
	}
	return false;
}

/* Written at random; at each byte the stage's opinion and the system's. */
static void test_addresses(const char *start, const char *begun, int family, size_t size)
{
	static const char likely[] = "0122559afF:::....", other[] = "-%gx[\r";
	unsigned bad = 0, whole = 0;
	for (unsigned try = 0; try < 3000; try++) {
		struct proxy proxy, next;
		char text[128] = "";
		unsigned length = (unsigned)strlen(strcpy(text, begun));
		hand_in(&proxy, (const unsigned char *)start, strlen(start), false);
		proxy_received(&proxy, begun, length);
		for (unsigned step = 0; step < 60; step++) {
			text[length] = check_random(50) == 0 ? other[check_random(6)]
							     : likely[check_random(17)];
			next = proxy;
			bool more = proxy_received(&next, text + length, 1).verdict == PROXY_MORE;
			bad += more !=
			       (has_ending(text, family, true) || has_ending(text, family, false));
			if (!more) { /* another byte in its place */
				text[length] = '\0';
				continue;
			}
			unsigned char address[16];
			bool right = inet_pton(family, text, address) == 1;
			whole += right;
			proxy = next;
			length++;
			bad += (proxy_received(&next, " ", 1).verdict == PROXY_MORE) != right ||
			       (right && memcmp(next.source.address, address, size) != 0);
		}
	}
	check(bad == 0 && whole > 1000, "%s%s and bytes at random: right or wrong with each", start,
	      begun);
}

/* A sample, and some of it changed, left out or put in; or hardly anything of one. */
static size_t make_up(unsigned char *bytes, size_t room)
{
	const struct sample *sample = &samples[check_random(SAMPLES)];
	static const unsigned char likely[] = " \r\n:.01259afF\0\1\x10\x11\x20\x21\xff";
	size_t length = sample->length;
	memcpy(bytes, sample->bytes, length);
	for (unsigned i = check_random(4); i > 0; i--) {
		size_t at = check_random((unsigned)length);
		unsigned char byte = check_random(3) == 0 ? (unsigned char)check_random(256)
							  : likely[check_random(sizeof(likely))];
		unsigned how = check_random(4);
		if (how == 0 && length < room)
			memmove(bytes + at + 1, bytes + at, length++ - at);
		else if (how == 1 && length > 1)
			memmove(bytes + at, bytes + at + 1, --length - at);
		if (at < length && how != 1)
			bytes[at] = byte;
	}
	if (check_random(20) > 0)
		return length;
	for (size_t at = check_random((unsigned)length); at < length; at++)
		bytes[at] = (unsigned char)check_random(256);
	return length;
}

/* A header of version 2 with TLVs at random, which is right but for one or two things at most. */
static size_t make_tlvs(unsigned char *bytes)
{
	static const unsigned char families[] = { 0x00, 0x11, 0x21, 0x32, 0x10, 0x01, 0xf0 };
	static const unsigned addresses[] = { 0, 12, 36, 216, 12, 0, 0 };
	static const unsigned char types[] = { 1, 3, 4, 5, 0xea };
	unsigned which = check_random(sizeof(families));
	bool local = families[which] == 0xf0 || check_random(3) == 0;
	bool bare = (local || families[which] == 0x10) && check_random(2) == 0;
	size_t length = FIXED + (bare ? 0 : addresses[which]), checksum = 0;
	for (size_t i = FIXED; i < length; i++)
		bytes[i] = (unsigned char)check_random(256);
	for (unsigned more = check_random(5); more > 0; more--) {
		unsigned char type = types[check_random(sizeof(types))];
		unsigned size = check_random(20);
		if (type == 3 && checksum > 0 && check_random(10) > 0)
			type = 4;
		if (type == 3 && check_random(10) > 0)
			size = 4;
		if (type == 3 && size >= 4)
			checksum = length + 3;
		bytes[length++] = type;
		bytes[length++] = 0;
		bytes[length++] = (unsigned char)size;
		while (size-- > 0)
			bytes[length++] = (unsigned char)check_random(256);
	}
	memcpy(bytes, BYTES(SIGNATURE));
	bytes[12] = local ? 0x20 : 0x21;
	bytes[13] = families[which];
	bytes[15] = (unsigned char)(length - FIXED);
	bytes[14] = (unsigned char)((length - FIXED) >> 8);
	if (checksum > 0 && check_random(10) > 0)
		repair_checksum(bytes, length, checksum);
	if (check_random(4) == 0)
		bytes[15 + check_random((unsigned)length - 15)] ^=
			(unsigned char)(1 << check_random(8));
	return length;
}

/* As it should, whole and in pieces? */
static bool goes_well(const unsigned char *bytes, size_t length, enum proxy_verdict *verdict)
{
	struct proxy whole, pieces;
	struct proxy_step step, last = { .verdict = PROXY_MORE };
	size_t used = 0, end = 0;
	bool good = is_true(bytes, length, &step, &whole);
	*verdict = step.verdict;
	proxy_start(&pieces, false);
	while (last.verdict == PROXY_MORE && end < length) {
		end += check_random((unsigned)(length - end)) + 1;
		last = proxy_received(&pieces, bytes + used, end - used);
		used += last.used;
	}
	return good && used == step.used && last.verdict == step.verdict &&
	       last.reason == step.reason && !last.source == !step.source &&
	       (!step.source || memcmp(last.source, step.source, sizeof(*step.source)) == 0);
}

static void test_fuzz(const char *what, bool tlvs)
{
	unsigned bad = 0, verdicts[3] = { 0 };
	for (unsigned try = 0; try < 200000; try++) {
		unsigned char bytes[512];
		size_t length = tlvs ? make_tlvs(bytes) : make_up(bytes, sizeof(bytes));
		enum proxy_verdict verdict;
		bad += !goes_well(bytes, length, &verdict);
		verdicts[verdict]++;
	}
	check(bad == 0 && verdicts[PROXY_MORE] > 1000 && verdicts[PROXY_DONE] > 1000 &&
		      verdicts[PROXY_REFUSED] > 1000,
	      "%s, whole and in pieces: as it should (%u more, %u done, %u refused)", what,
	      verdicts[PROXY_MORE], verdicts[PROXY_DONE], verdicts[PROXY_REFUSED]);
}

int main(void)
{
	proxy_prepare();
	test_corruption();
	test_addresses("PROXY TCP4 ", "", AF_INET, 4);
	test_addresses("PROXY TCP6 ", "", AF_INET6, 16);
	test_addresses("PROXY TCP6 ", "1:2:3:", AF_INET6, 16);
	test_fuzz("changed at random", false);
	test_fuzz("TLVs at random", true);
	return check_done();
}
