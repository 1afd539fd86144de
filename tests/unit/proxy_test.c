#include "proxy_truth.h"

#include "check.h"

static void test_samples(void)
{
	unsigned char bytes[512];
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *sample = &samples[i];
		struct proxy proxy;
		memcpy(bytes, sample->bytes, sample->length);
		memcpy(bytes + sample->length, "payload", 7);
		struct proxy_step step = hand_in(&proxy, bytes, sample->length + 7, false);
		bool good = is_sample(&step, sample) && step.used == sample->length;
		step = proxy_received(&proxy, bytes, 7);
		good = good && is_sample(&step, sample) && step.used == 0;
		step = hand_in(&proxy, sample->bytes, sample->length, true);
		check(good && is_sample(&step, sample) &&
			      is_true(bytes, sample->length, &step, &proxy),
		      "valid, and what follows is left: %.*s", (int)sample->length, sample->bytes);
	}
}

static void test_cuts(void)
{
	for (size_t i = 0; i < SAMPLES; i++) {
		const unsigned char *bytes = samples[i].bytes;
		size_t length = samples[i].length;
		unsigned bad = 0;
		struct proxy proxy;
		struct proxy_step step;
		for (size_t cut = 0; cut < length; cut++) {
			step = hand_in(&proxy, bytes, cut, false);
			bad += step.verdict != PROXY_MORE || step.used != cut || step.source ||
			       step.reason;
			step = proxy_received(&proxy, bytes + cut, length - cut);
			bad += !is_sample(&step, &samples[i]) || step.used != length - cut;
		}
		proxy_start(&proxy, false);
		for (size_t at = 0; at < length; at++) {
			step = proxy_received(&proxy, NULL, 0);
			bad += step.verdict != PROXY_MORE;
			step = proxy_received(&proxy, bytes + at, 1);
			bad += step.used != 1 || (at + 1 < length && step.verdict != PROXY_MORE);
		}
		check(bad == 0 && is_sample(&step, &samples[i]),
		      "sample %zu: each prefix is not enough, and each cut is none", i);
	}
}

/* Each is right up to its last byte, and refused with that. */
static const struct wrong {
	const unsigned char *bytes;
	size_t length;
} wrongs[] = {
	{ BYTES("G") },
	{ BYTES("\n") },
	{ BYTES("\0") },
	{ BYTES("p") },
	{ BYTES(" ") },
	{ BYTES("PROXY\t") },
	{ BYTES("PROXY  ") },
	{ BYTES("PROXY t") },
	{ BYTES("PROXY TCP5") },
	{ BYTES("PROXY TCP ") },
	{ BYTES("PROXY TCP44") },
	{ BYTES("PROXY UD") },
	{ BYTES("PROXY TCP4  ") },
	{ BYTES("PROXY TCP4 \r") },
	{ BYTES("PROXY TCP4 .") },
	{ BYTES("PROXY TCP4 00") },
	{ BYTES("PROXY TCP4 1.02") },
	{ BYTES("PROXY TCP4 256") },
	{ BYTES("PROXY TCP4 1000") },
	{ BYTES("PROXY TCP4 1a") },
	{ BYTES("PROXY TCP4 -") },
	{ BYTES("PROXY TCP4 1..") },
	{ BYTES("PROXY TCP4 1.2.3 ") },
	{ BYTES("PROXY TCP4 1.2.3. ") },
	{ BYTES("PROXY TCP4 1.2.3.4.") },
	{ BYTES("PROXY TCP4 1:") },
	{ BYTES("PROXY TCP4 0x") },
	{ BYTES("PROXY TCP4 1.2.3.4\t") },
	{ BYTES("PROXY TCP4 1.2.3.4  ") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4\r") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4  ") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 00") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 65536") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 100000") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 +") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 a") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1\r") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1  ") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 \r") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 ") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n") },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\r") },
	{ BYTES("PROXY TCP4 1.2.3.4 :") },
	{ BYTES("PROXY TCP6 1.") },
	{ BYTES("PROXY TCP6  ") },
	{ BYTES("PROXY TCP6 : ") },
	{ BYTES("PROXY TCP6 :1") },
	{ BYTES("PROXY TCP6 :::") },
	{ BYTES("PROXY TCP6 1:::") },
	{ BYTES("PROXY TCP6 1::2::") },
	{ BYTES("PROXY TCP6 12345") },
	{ BYTES("PROXY TCP6 g") },
	{ BYTES("PROXY TCP6 1: ") },
	{ BYTES("PROXY TCP6 1::2: ") },
	{ BYTES("PROXY TCP6 fe80::1%") },
	{ BYTES("PROXY TCP6 1:2:3:4:5:6:7 ") },
	{ BYTES("PROXY TCP6 1:2:3:4:5:6:7:8:") },
	{ BYTES("PROXY TCP6 ::1:2:3:4:5:6:7:") },
	{ BYTES("PROXY TCP6 1:2:3:4:5:6:7::8") },
	{ BYTES("PROXY TCP6 [") },
	{ BYTES("PROXY TCP6 1:2:3:4:5:6:7.8.9 ") },
	{ BYTES("PROXY TCP6 1:2:3:4:5:6:7:8.") },
	{ BYTES("PROXY TCP6 1:2:3:4:5:6.") },
	{ BYTES("PROXY TCP6 1:2:3:4:5:6::1.") },
	{ BYTES("PROXY TCP6 ::256.") },
	{ BYTES("PROXY TCP6 ::01.") },
	{ BYTES("PROXY TCP6 ::1a.") },
	{ BYTES("PROXY TCP6 ::1.2:") },
	{ BYTES("PROXY TCP6 ::1.a") },
	{ BYTES("PROXY TCP6 ::1.2.3.4.") },
	{ BYTES("PROXY TCP6 ::.") },
	{ BYTES("PROXY UNKNOWX") },
	{ BYTES("PROXY UNKNOWNS") },
	{ BYTES("PROXY UNKNOWN\n") },
	{ BYTES("PROXY UNKNOWN\r\r") },
	{ BYTES("PROXY UNKNOWN a\n") },
	{ BYTES("PROXY UNKNOWN a\rb") },
	{ BYTES("\r\r") },
	{ BYTES("\r\n\r\n\r") },
	{ BYTES("\r\n\r\n\0\r\nQUIT\r") },
	{ BYTES(SIGNATURE "\x10") },
	{ BYTES(SIGNATURE "\x11") },
	{ BYTES(SIGNATURE "\x22") },
	{ BYTES(SIGNATURE "\x2f") },
	{ BYTES(SIGNATURE "\x31") },
	{ BYTES(SIGNATURE "\x01") },
	{ BYTES(SIGNATURE "\x21\x41") },
	{ BYTES(SIGNATURE "\x21\x13") },
	{ BYTES(SIGNATURE "\x21\x03") },
	{ BYTES(SIGNATURE "\x21\xf0") },
	{ BYTES(SIGNATURE "\x21\x11\0\0") },
	{ BYTES(SIGNATURE "\x21\x12\0\x0b") },
	{ BYTES(SIGNATURE "\x21\x21\0\x0c") },
	{ BYTES(SIGNATURE "\x21\x22\0\x23") },
	{ BYTES(SIGNATURE "\x21\x31\0\x24") },
	{ BYTES(SIGNATURE "\x21\x32\0\xd7") },
	/* TLVs for which there is no room */
	{ BYTES(SIGNATURE "\x21\0\0\1") },
	{ BYTES(SIGNATURE "\x20\0\0\2") },
	{ BYTES(SIGNATURE "\x21\0\0\7\4\0\2") },
	{ BYTES(SIGNATURE "\x21\0\0\5\4\0\3") },
	{ BYTES(SIGNATURE "\x21\0\1\2\4\1") },
	{ BYTES(SIGNATURE "\x21\0\0\7\4\0\1x\4\0\1") },
	{ BYTES(SIGNATURE "\x20\x11\0\x0d") },
	/* checksums: of another length, two of them, of other bytes */
	{ BYTES(SIGNATURE "\x20\0\4\3\3\4") },
	{ BYTES(SIGNATURE "\x20\0\0\7\3\0\0") },
	{ BYTES(SIGNATURE "\x20\0\0\7\3\0\3") },
	{ BYTES(SIGNATURE "\x20\0\0\x0a\3\0\5") },
	{ BYTES(SIGNATURE "\x20\0\0\x0e\3\0\4\0\0\0\0\3") },
	{ BYTES(SIGNATURE "\x20\0\0\7\3\0\4\xa9\xb8\x7e\x8e") },
	{ BYTES(SIGNATURE "\x20\0\0\7\3\0\4\x8f\x7e\xb8\xa9") },
	{ BYTES(SIGNATURE "\x21\0\0\7\3\0\4\xa9\xb8\x7e\x8f") },
	{ BYTES(SIGNATURE "\x20\1\0\7\3\0\4\xa9\xb8\x7e\x8f") },
	{ BYTES(SIGNATURE "\x20\0\0\x0a\3\0\4\xa9\xb8\x7e\x8f\4\0\0") },
	/* a line of 108 bytes is too long with its 106th, that isn't CR */
	{ BYTES("PROXY UNKNOWN " FIFTY TEN TEN TEN TEN "12") },
	{ BYTES("PROXY TCP6 " FULL ":255.255.255.255 " FULL ":254.255.255.255 1 2") },
};

static void test_wrongs(void)
{
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		const struct wrong *wrong = &wrongs[i];
		struct proxy proxy;
		struct proxy_step step = hand_in(&proxy, wrong->bytes, wrong->length - 1, false);
		bool good = step.verdict == PROXY_MORE && step.used == wrong->length - 1;
		step = proxy_received(&proxy, wrong->bytes + wrong->length - 1, 1);
		good = good && step.verdict == PROXY_REFUSED && step.used == 1 && step.reason &&
		       !step.source;
		step = proxy_received(&proxy, BYTES("PROXY UNKNOWN\r\n"));
		check(good && step.verdict == PROXY_REFUSED && step.used == 0,
		      "refused with its last byte, and for good: %.*s", (int)wrong->length,
		      wrong->bytes);
	}
}

/* Why it is refused, as the log has it. */
static void test_reasons(void)
{
	static const struct {
		const unsigned char *bytes;
		size_t length;
		const char *reason;
	} cases[] = {
		{ BYTES(SIGNATURE "\x20\0\0\7\3\0\4\xa9\xb8\x7e\x8e"),
		  "a PROXY header whose checksum is wrong" },
		{ BYTES(SIGNATURE "\x20\0\0\7\3\0\3"), "a PROXY header whose checksum is wrong" },
		{ BYTES(SIGNATURE "\x20\0\4\3\3\4"), "a PROXY header whose checksum is wrong" },
		{ BYTES(SIGNATURE "\x20\0\0\x0e\3\0\4\0\0\0\0\3"),
		  "a PROXY header with two checksums" },
		{ BYTES(SIGNATURE "\x21\0\0\5\4\0\3"),
		  "a PROXY header with a TLV that runs beyond its end" },
		{ BYTES(SIGNATURE "\x21\0\0\1"),
		  "a PROXY header with a TLV that runs beyond its end" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct proxy proxy;
		struct proxy_step step = hand_in(&proxy, cases[i].bytes, cases[i].length, false);
		check(step.reason && strcmp(step.reason, cases[i].reason) == 0, "%s",
		      cases[i].reason);
	}
}

static void test_longest(void)
{
	static unsigned char bytes[LONGEST + 1];
	struct proxy proxy;
	struct proxy_step step;
	bool good = true;
	for (unsigned kind = 0; kind < 3; kind++) {
		memset(bytes, 'x', sizeof(bytes));
		memcpy(bytes,
		       BYTES(SIGNATURE "\x21\x11\xff\xff\xc0\x00\x02\x01\x7f\0\0\1\xff\xfe\0\7"));
		bytes[12] = kind == 0 ? 0x20 : 0x21;
		bytes[13] = kind == 1 ? 0x00 : 0x11;
		/* one TLV, and its checksum behind it */
		size_t from = kind == 1 ? FIXED : FIXED + 12, left = LONGEST - from - 10;
		bytes[from + 1] = (unsigned char)(left >> 8);
		bytes[from + 2] = (unsigned char)left;
		memcpy(bytes + LONGEST - 7, "\3\0\4", 3);
		repair_checksum(bytes, LONGEST, LONGEST - 4);
		step = hand_in(&proxy, bytes, LONGEST - 1, false);
		good = good && step.verdict == PROXY_MORE && step.used == LONGEST - 1;
		step = proxy_received(&proxy, bytes + LONGEST - 1, 2);
		good = good && step.used == 1 && step.verdict == PROXY_DONE &&
		       is_source(step.source, kind == 2 ? PROXY_INET : PROXY_UNSPEC, bytes + FIXED,
				 4, 65534);
		step = hand_in(&proxy, bytes, LONGEST, true);
		good = good && step.used == LONGEST && step.verdict == PROXY_DONE;
	}
	check(good, "65535 bytes behind the fixed part are its own, and not one more");
	check(sizeof(proxy) <= 200, "and all of it is held in %zu bytes", sizeof(proxy));
}

static void test_records(void)
{
	unsigned char bytes[512] = "";
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t length = samples[i].length;
		struct proxy proxy;
		unsigned bad = 0;
		memcpy(bytes, samples[i].bytes, length);
		for (size_t other = 0; other <= length + 2; other++) {
			struct proxy_step step = hand_in(&proxy, bytes, other, true);
			bad += step.verdict != (other == length ? PROXY_DONE : PROXY_REFUSED);
			step = proxy_received(&proxy, bytes, length);
			bad += step.verdict != (other == length ? PROXY_DONE : PROXY_REFUSED) ||
			       step.used > 0;
		}
		check(bad == 0, "sample %zu: a record is it and nothing else", i);
	}
}

static void test_ended(void)
{
	struct proxy proxy;
	hand_in(&proxy, BYTES(""), false);
	check(strstr(proxy_ended(&proxy), "before"), "ended: before the header");
	hand_in(&proxy, BYTES("PROXY UNKNOWN\r"), false);
	check(strstr(proxy_ended(&proxy), "within"), "ended: within it");
	hand_in(&proxy, BYTES("PROXY UNKNOWN\r\n"), false);
	check(strstr(proxy_ended(&proxy), "after"), "ended: after it");
}

int main(void)
{
	proxy_prepare();
	test_samples();
	test_cuts();
	test_wrongs();
	test_reasons();
	test_longest();
	test_records();
	test_ended();
	return check_done();
}
