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
	check(misjudged == 0, "each byte of each sample changed to every other: judged rightly");
	check(accepted == 0, "in the fixed parts it is refused there and then");
	check(waiting == 0, "and a whole line is right or wrong, and never too short");
}

/* Can TEXT still become an address? Tries what may be missing from it. */
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

/* Addresses written at random: with each byte, the stage must be of the system's opinion. */
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
	check(bad == 0 && whole > 1000, "%s%s and bytes at random: judged rightly with each", start,
	      begun);
}

/* A sample with some bytes changed, left out or put in; now and then hardly any of it remains. */
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

static void test_fuzz(void)
{
	unsigned bad = 0, verdicts[3] = { 0 };
	for (unsigned try = 0; try < 200000; try++) {
		unsigned char bytes[512];
		size_t length = make_up(bytes, sizeof(bytes)), used = 0, end = 0;
		struct proxy whole, pieces;
		struct proxy_step step, last = { .verdict = PROXY_MORE };
		bad += !is_true(bytes, length, &step, &whole);
		verdicts[step.verdict]++;
		proxy_start(&pieces, false);
		while (last.verdict == PROXY_MORE && end < length) {
			end += check_random((unsigned)(length - end)) + 1;
			last = proxy_received(&pieces, bytes + used, end - used);
			used += last.used;
		}
		bad += used != step.used || last.verdict != step.verdict ||
		       last.reason != step.reason || !last.source != !step.source ||
		       (step.source && memcmp(last.source, step.source, sizeof(*step.source)) != 0);
	}
	check(bad == 0 && verdicts[PROXY_MORE] > 1000 && verdicts[PROXY_DONE] > 1000 &&
		      verdicts[PROXY_REFUSED] > 1000,
	      "changed at random, whole and in pieces: judged rightly (%u more, %u done, %u "
	      "refused)",
	      verdicts[PROXY_MORE], verdicts[PROXY_DONE], verdicts[PROXY_REFUSED]);
}

int main(void)
{
	proxy_prepare();
	test_corruption();
	test_addresses("PROXY TCP4 ", "", AF_INET, 4);
	test_addresses("PROXY TCP6 ", "", AF_INET6, 16);
	test_addresses("PROXY TCP6 ", "1:2:3:", AF_INET6, 16);
	test_fuzz();
	return check_done();
}
