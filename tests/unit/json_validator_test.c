#include "protocol/json_validator.h"

#include "check.h"
#include "data.h"
#include "json_descent.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/*
 * What a validator makes of a text, be it the program's or the second opinion: where values
 * end, where the first wrong byte is, and how it all ends.
 */
struct account {
	enum json_ending ending;
	size_t values;
	size_t wrong;     /* bytes before the first wrong one; the length, if there is none */
	uint64_t offsets; /* of the ends of all values, as a hash */
};

static void note_value(struct account *account, size_t offset)
{
	account->values++;
	account->offsets = account->offsets * UINT64_C(1099511628211) + offset + 1;
}

static bool same(const struct account *a, const struct account *b)
{
	return a->ending == b->ending && a->values == b->values && a->wrong == b->wrong &&
	       a->offsets == b->offsets;
}

/* Hands in [*AT, END). Returns false at a wrong byte. */
static bool feed(struct json_validator *json, const unsigned char *bytes, size_t *at, size_t end,
		 struct account *account)
{
	for (;;) {
		size_t used = SIZE_MAX;
		enum json_verdict verdict =
			json_validator_feed(json, bytes + *at, end - *at, &used);
		if (used > end - *at)
			abort();
		*at += used;
		if (verdict == JSON_WRONG)
			return false;
		if (verdict == JSON_MORE && *at != end)
			abort();
		if (verdict == JSON_MORE)
			return true;
		note_value(account, *at);
	}
}

/* Hands in BYTES, cut at FIRST and from there on in pieces of PIECE (0: not cut again). */
static struct account judge(const unsigned char *bytes, size_t length, size_t first, size_t piece)
{
	struct account account = { 0 };
	struct json_validator json;
	size_t at = 0, end = first < length ? first : length;
	json_validator_start(&json);
	while (feed(&json, bytes, &at, end, &account) && end < length)
		end = piece > 0 && piece < length - end ? end + piece : length;
	account.wrong = at;
	uint64_t before = json.values;
	account.ending = json_validator_end(&json);
	if (account.ending != JSON_BROKEN && json.values > before)
		note_value(&account, length);
	if ((json.reason == NULL) != (account.ending == JSON_ONE) || json.values != account.values)
		abort();
	return account;
}

static struct account descent(const unsigned char *bytes, size_t length)
{
	struct account account = { 0 };
	struct text text = { .bytes = bytes, .length = length };
	enum descent outcome = WHOLE;
	for (white(&text); text.at < length; white(&text)) {
		outcome = descend(&text, JSON_DEPTH);
		if (outcome != WHOLE)
			break;
		note_value(&account, text.at);
	}
	account.wrong = text.at;
	account.ending = outcome == BAD        ? JSON_BROKEN
			 : outcome == SHORT    ? JSON_INCOMPLETE
			 : account.values == 0 ? JSON_NONE
			 : account.values == 1 ? JSON_ONE
					       : JSON_SEVERAL;
	return account;
}

/*
 * Is it the same at every cut in two, and byte by byte? Cuts far beyond the first wrong byte
 * make no difference, and are left out.
 */
static bool same_everywhere(const unsigned char *bytes, size_t length, const struct account *whole)
{
	struct account other = judge(bytes, length, 1, 1);
	size_t last = whole->ending == JSON_BROKEN && whole->wrong + 2 < length ? whole->wrong + 2
										: length;
	if (!same(&other, whole))
		return false;
	for (size_t cut = 0; cut <= last; cut++) {
		other = judge(bytes, length, cut, 0);
		if (!same(&other, whole))
			return false;
	}
	return true;
}

static void test_samples(void)
{
	static const struct {
		const char *text;
		enum json_ending ending;
		size_t values, wrong;
	} samples[] = {
		{ "", JSON_NONE, 0, 0 },
		{ " \t\r\n", JSON_NONE, 0, 4 },
		{ "0", JSON_ONE, 1, 1 },
		{ " -0.5e+10 ", JSON_ONE, 1, 10 },
		{ "\"\"", JSON_ONE, 1, 2 },
		{ " [ ] ", JSON_ONE, 1, 5 },
		{ "{\"a\":[1,{\"b\":null}],\"a\":true}", JSON_ONE, 1, 29 },
		{ "{ \"\" : { } , \"x\" : [ [ ] , 2E-1 ] }", JSON_ONE, 1, 35 },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud800\\uDC00\"", JSON_ONE, 1, 36 },
		{ "\"\\udfff\"", JSON_ONE, 1, 8 },
		{ "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf"
		  "\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\x7f\"",
		  JSON_ONE, 1, 24 },
		/* a stream */
		{ "{}[]\"\"1[true]2", JSON_SEVERAL, 6, 14 },
		{ "1 2\n3", JSON_SEVERAL, 3, 5 },
		{ "truefalsenull", JSON_SEVERAL, 3, 13 },
		{ "01", JSON_SEVERAL, 2, 2 },
		{ "-1-2", JSON_SEVERAL, 2, 4 },
		{ "1.5\"x\"", JSON_SEVERAL, 2, 6 },
		/* incomplete */
		{ "[1,", JSON_INCOMPLETE, 0, 3 },
		{ "-", JSON_INCOMPLETE, 0, 1 },
		{ "1.", JSON_INCOMPLETE, 0, 2 },
		{ "1e", JSON_INCOMPLETE, 0, 2 },
		{ "1e+", JSON_INCOMPLETE, 0, 3 },
		{ "tru", JSON_INCOMPLETE, 0, 3 },
		{ "[1", JSON_INCOMPLETE, 0, 2 },
		{ "{\"a\"", JSON_INCOMPLETE, 0, 4 },
		{ "\"\xe2\x82", JSON_INCOMPLETE, 0, 3 },
		{ "1 \"\\u12", JSON_INCOMPLETE, 1, 7 },
		/* wrong */
		{ "\xef\xbb\xbf{}", JSON_BROKEN, 0, 0 },
		{ "{} \xef\xbb\xbf{}", JSON_BROKEN, 1, 3 },
		{ "]", JSON_BROKEN, 0, 0 },
		{ "[1}", JSON_BROKEN, 0, 2 },
		{ "{\"a\":1]", JSON_BROKEN, 0, 6 },
		{ "{\"a\":{}]", JSON_BROKEN, 0, 7 },
		{ "[[]}", JSON_BROKEN, 0, 3 },
		{ "[1,]", JSON_BROKEN, 0, 3 },
		{ "{\"a\":1,}", JSON_BROKEN, 0, 7 },
		{ "{,}", JSON_BROKEN, 0, 1 },
		{ "{1:2}", JSON_BROKEN, 0, 1 },
		{ "{\"a\" 1}", JSON_BROKEN, 0, 5 },
		{ "[01]", JSON_BROKEN, 0, 2 },
		{ "[1 2]", JSON_BROKEN, 0, 3 },
		{ "[-]", JSON_BROKEN, 0, 2 },
		{ "+1", JSON_BROKEN, 0, 0 },
		{ ".5", JSON_BROKEN, 0, 0 },
		{ "1.e5", JSON_BROKEN, 0, 2 },
		{ "1e5.5", JSON_BROKEN, 1, 3 },
		{ "12x", JSON_BROKEN, 1, 2 },
		{ "0x1", JSON_BROKEN, 1, 1 },
		{ "-x", JSON_BROKEN, 0, 1 },
		{ "True", JSON_BROKEN, 0, 0 },
		{ "trux", JSON_BROKEN, 0, 3 },
		{ "nul ", JSON_BROKEN, 0, 3 },
		{ "'a'", JSON_BROKEN, 0, 0 },
		{ "\"\\x\"", JSON_BROKEN, 0, 2 },
		{ "\"\\u12g4\"", JSON_BROKEN, 0, 5 },
		{ "\"\\U0041\"", JSON_BROKEN, 0, 2 },
		{ "\"a\nb\"", JSON_BROKEN, 0, 2 },
		{ "\"\x1f\"", JSON_BROKEN, 0, 1 },
		{ "\v1", JSON_BROKEN, 0, 0 },
		{ "1\xc2\xa0", JSON_BROKEN, 1, 1 },
		{ "[]/* */", JSON_BROKEN, 1, 2 },
		{ "\"\x80\"", JSON_BROKEN, 0, 1 },
		{ "\"\xc0\xaf\"", JSON_BROKEN, 0, 1 },
		{ "\"\xc1\xbf\"", JSON_BROKEN, 0, 1 },
		{ "\"\xc3\"", JSON_BROKEN, 0, 2 },
		{ "\"\xe0\x9f\xbf\"", JSON_BROKEN, 0, 2 },
		{ "\"\xed\xa0\x80\"", JSON_BROKEN, 0, 2 },
		{ "\"\xf0\x8f\xbf\xbf\"", JSON_BROKEN, 0, 2 },
		{ "\"\xf4\x90\x80\x80\"", JSON_BROKEN, 0, 2 },
		{ "\"\xf5\x80\x80\x80\"", JSON_BROKEN, 0, 1 },
		{ "\"\xe2\x82\xc0\"", JSON_BROKEN, 0, 3 },
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const unsigned char *bytes = (const unsigned char *)samples[i].text;
		size_t length = strlen(samples[i].text);
		struct account account = judge(bytes, length, length, 0);
		check(account.ending == samples[i].ending && account.values == samples[i].values &&
			      account.wrong == samples[i].wrong &&
			      same_everywhere(bytes, length, &account),
		      "%s: ending %d after %zu values and %zu bytes, wherever it is cut",
		      samples[i].text, account.ending, account.values, account.wrong);
	}
}

/* A zero byte is a byte like any other, and allowed nowhere. */
static void test_zero(void)
{
	static const unsigned char texts[][4] = { { 0 }, "1", "\"", "\"\\", "[", "t", "-" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t length = strlen((const char *)texts[i]);
		struct account account = judge(texts[i], length + 1, length + 1, 0);
		check(account.ending == JSON_BROKEN && account.wrong == length,
		      "a zero byte after %s", (const char *)texts[i]);
	}
}

static void test_sticking(void)
{
	struct json_validator json;
	size_t used = 99;
	json_validator_start(&json);
	check(json_validator_feed(&json, "[x", 2, &used) == JSON_WRONG && used == 1 && json.reason,
	      "wrong, with a reason: %s", json.reason);
	check(json_validator_feed(&json, "1]", 2, &used) == JSON_WRONG && used == 0,
	      "and it stays so");
	check(json_validator_feed(&json, "", 0, &used) == JSON_WRONG && used == 0,
	      "whatever comes");
	json_validator_start(&json);
	check(json_validator_feed(&json, NULL, 0, &used) == JSON_MORE && used == 0,
	      "nothing is no harm");
	check(json_validator_feed(&json, " 12", 3, &used) == JSON_MORE && used == 3,
	      "a number may go on");
	check(json_validator_feed(&json, " ", 1, &used) == JSON_VALUE && used == 0,
	      "until the byte behind it");
	check(json_validator_feed(&json, " ", 1, &used) == JSON_MORE && used == 1,
	      "which counts for itself");
	check(json_validator_end(&json) == JSON_ONE, "and it was one value");
	check(sizeof(json) <= 192, "in %zu bytes of memory", sizeof(json));
}

static void test_depth(void)
{
	static unsigned char bytes[2 * JSON_DEPTH + 2];
	for (int object = 0; object < 2; object++) {
		const char *unit = object ? "{\"\":" : "[";
		size_t step = strlen(unit);
		static unsigned char deep[5 * (JSON_DEPTH + 1)];
		for (size_t i = 0; i <= JSON_DEPTH; i++)
			memcpy(deep + i * step, unit, step);
		struct account account = judge(deep, JSON_DEPTH * step, 7, 64);
		check(account.ending == JSON_INCOMPLETE,
		      "%d times %s, one inside the other, are opened", JSON_DEPTH, unit);
		account = judge(deep, (JSON_DEPTH + 1) * step, 7, 64);
		check(account.ending == JSON_BROKEN && account.wrong == JSON_DEPTH * step,
		      "the next is wrong, at its bracket");
	}
	memset(bytes, '[', JSON_DEPTH);
	memset(bytes + JSON_DEPTH, ']', JSON_DEPTH);
	struct account account = judge(bytes, 2 * JSON_DEPTH, 1, 1);
	check(account.ending == JSON_ONE, "and all can be closed again");
	bytes[2 * JSON_DEPTH] = ']';
	account = judge(bytes, 2 * JSON_DEPTH + 1, 1, 1);
	check(account.ending == JSON_BROKEN && account.wrong == 2 * JSON_DEPTH,
	      "but not once more");

	/* each level remembers which bracket opened it */
	unsigned bad = 0;
	for (size_t odd = 0; odd < JSON_DEPTH; odd++) {
		bytes[JSON_DEPTH + odd] = '}';
		account = judge(bytes, 2 * JSON_DEPTH, 2 * JSON_DEPTH, 0);
		bad += account.ending != JSON_BROKEN || account.wrong != JSON_DEPTH + odd;
		bytes[JSON_DEPTH + odd] = ']';
	}
	check(bad == 0, "on each level the bracket has to match (%u did not)", bad);
}

static void test_record(void)
{
	static const struct {
		const char *text;
		enum json_ending ending;
		size_t good;
	} records[] = {
		{ "[1]", JSON_ONE, 3 },     { " 12 ", JSON_ONE, 4 },
		{ "12", JSON_ONE, 2 },      { "", JSON_NONE, 0 },
		{ "  ", JSON_NONE, 2 },     { "[1", JSON_INCOMPLETE, 2 },
		{ "[1]x", JSON_BROKEN, 3 }, { "[1] [2]", JSON_BROKEN, 4 },
		{ "1 2", JSON_BROKEN, 2 },  { "01", JSON_BROKEN, 1 },
		{ "[,]", JSON_BROKEN, 1 },
	};
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		size_t good = 99;
		const char *reason = "";
		enum json_ending ending = json_validator_record(
			records[i].text, strlen(records[i].text), &good, &reason);
		check(ending == records[i].ending && good == records[i].good &&
			      (reason == NULL) == (ending == JSON_ONE),
		      "as a record, \"%s\": %zu good, %s", records[i].text, good,
		      reason ? reason : "one value");
	}
}

/* Changes BYTES in one place at random, with ROOM to grow; returns the new length. */
static size_t mutate(unsigned char *bytes, size_t length, size_t room)
{
	static const char odd[] = "{}[]\",:\\/-+.eEu0123456789truefalsn \t\n\x1f\x7f"
				  "\x80\xbf\xc2\xe0\xed\xf0\xf4\xff";
	size_t at = check_random((unsigned)length + 1), count = 1 + check_random(4);
	unsigned char byte = (unsigned char)odd[check_random(sizeof(odd))]; /* its NUL, too */
	switch (check_random(5)) {
	case 0:
		if (at < length)
			bytes[at] = byte;
		return length;
	case 1:
		if (at < length)
			bytes[at] ^= (unsigned char)(1 << check_random(8));
		return length;
	case 2:
		count = count < length - at ? count : length - at;
		memmove(bytes + at, bytes + at + count, length - at - count);
		return length - count;
	case 3:
		if (length == room)
			return length;
		memmove(bytes + at + 1, bytes + at, length - at);
		bytes[at] = byte;
		return length + 1;
	default:
		count = count < length - at ? count : length - at;
		if (length + count > room)
			return length;
		memmove(bytes + at + count, bytes + at, length - at);
		return length + count;
	}
}

static void test_mutants(void)
{
	static const char *const seeds[] = {
		"{\"name\":[1,-2.5e+3,true,false,null,\"x\\u00e9\\n\"],\"\":{}}",
		"[[],[{}],{\"a\":{\"b\":[0,\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]}}] ",
		"1 2\t\"\\ud83d\\ude00\"[]{}true -0.0E-7\r\n",
		"{\"k\" : \"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\" , \"l\" : [ 10 , 0 , -1 ] }",
	};
	enum { ROUNDS = 200000, ROOM = 160 };
	unsigned char bytes[ROOM];
	unsigned bad = 0, tally[JSON_BROKEN + 1] = { 0 };
	for (int round = 0; round < ROUNDS && bad == 0; round++) {
		const char *seed = seeds[check_random(sizeof(seeds) / sizeof(*seeds))];
		size_t length = strlen(seed);
		memcpy(bytes, seed, length);
		for (unsigned i = check_random(5); i > 0; i--)
			length = mutate(bytes, length, ROOM);
		struct account wanted = descent(bytes, length);
		struct account whole = judge(bytes, length, length, 0);
		struct account cut = judge(bytes, length, check_random(ROOM), check_random(9));
		tally[wanted.ending]++;
		if (!same(&wanted, &whole) || !same(&wanted, &cut)) {
			bad++;
			check(false, "%.*s: ending %d %d %d, wrong at %zu %zu %zu", (int)length,
			      (const char *)bytes, wanted.ending, whole.ending, cut.ending,
			      wanted.wrong, whole.wrong, cut.wrong);
		}
	}
	check(bad == 0 && tally[JSON_ONE] > 1000 && tally[JSON_SEVERAL] > 1000 &&
		      tally[JSON_INCOMPLETE] > 1000 && tally[JSON_BROKEN] > 1000,
	      "mutants: %u one value, %u several, %u incomplete, %u wrong, all as recursive "
	      "descent has it",
	      tally[JSON_ONE], tally[JSON_SEVERAL], tally[JSON_INCOMPLETE], tally[JSON_BROKEN]);
}

/* As a record, y_ is one value and n_ is not; as a stream, it is the same wherever it is cut. */
static bool test_file(const char *name, unsigned char *bytes, size_t room)
{
	char path[4096];
	const char *reason;
	size_t good;
	snprintf(path, sizeof(path), "%s/json/%s", data_folder(), name);
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	size_t length = fread(bytes, 1, room, file);
	fclose(file);
	bool one = json_validator_record(bytes, length, &good, &reason) == JSON_ONE;
	struct account whole = judge(bytes, length, length, 0), other = descent(bytes, length);
	return length < room && !(name[0] == 'y' && !one) && !(name[0] == 'n' && one) &&
	       same(&whole, &other) && same_everywhere(bytes, length, &whole);
}

static void test_files(void)
{
	enum { ROOM = 1 << 20 };
	char path[4096];
	unsigned count[128] = { 0 };
	unsigned char *bytes = malloc(ROOM);
	snprintf(path, sizeof(path), "%s/json", data_folder());
	DIR *folder = opendir(path);
	if (!bytes || !folder) {
		check_skip("published JSON texts", "there is no folder json in TESTS_DATA");
		free(bytes);
		return;
	}
	for (struct dirent *entry; (entry = readdir(folder));) {
		const char *name = entry->d_name;
		if (!strchr("yni", name[0]) || name[1] != '_')
			continue;
		count[(int)name[0]]++;
		if (!test_file(name, bytes, ROOM))
			check(false, "%s", name);
	}
	closedir(folder);
	free(bytes);
	check(count['y'] > 0 && count['n'] > 0 && check_failures == 0,
	      "%u texts accepted, %u refused, %u either, wherever they are cut", count['y'],
	      count['n'], count['i']);
}

int main(void)
{
	test_samples();
	test_zero();
	test_sticking();
	test_depth();
	test_record();
	test_mutants();
	test_files();
	return check_done();
}
