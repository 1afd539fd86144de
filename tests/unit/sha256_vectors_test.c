#include "base/sha256.h"

#include "check.h"
#include "data.h"

#include <string.h>

/* Published vectors, where they are at hand (data.h). */

enum { LONGEST = 8192, LINE = 2 * LONGEST + 64 };

static char line[LINE];

static void digest_of(const unsigned char *bytes, size_t length,
		      unsigned char digest[SHA256_DIGEST])
{
	struct sha256 hash;
	sha256_start(&hash);
	sha256_feed(&hash, bytes, length);
	sha256_finish(&hash, digest);
}

static void tag_of(const unsigned char *key, size_t key_length, const unsigned char *bytes,
		   size_t length, unsigned char tag[SHA256_DIGEST])
{
	struct hmac_sha256 hmac;
	hmac_sha256_start(&hmac, key, key_length);
	hmac_sha256_feed(&hmac, bytes, length);
	hmac_sha256_finish(&hmac, tag);
}

/* What follows NAME at the start of the line, or NULL. */
static const char *value(const char *name)
{
	const char *text = line + strspn(line, " ");
	size_t length = strlen(name);
	return strncmp(text, name, length) == 0 ? text + length : NULL;
}

/* "Len = BITS", "Msg = HEX", "MD = HEX", and in RFC 4231's form a "Key = HEX" before them. */
static void test_messages(const char *name, unsigned least)
{
	static unsigned char key[LONGEST], bytes[LONGEST];
	unsigned char wanted[SHA256_DIGEST], got[SHA256_DIGEST];
	size_t key_length = 0, length = 0, bits = 0;
	bool keyed = false;
	unsigned count = 0, bad = 0;
	const char *text;
	FILE *file = data_open(name);
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		if ((text = value("Len = "))) {
			bits = strtoul(text, NULL, 10);
		} else if ((text = value("Key = "))) {
			key_length = data_hex(text, key, sizeof(key));
			keyed = true;
		} else if ((text = value("Msg = "))) {
			length = data_hex(text, bytes, sizeof(bytes));
			length = bits == 0 ? 0 : length; /* an empty message is written as 00 */
		} else if ((text = value("MD = "))) {
			data_hex(text, wanted, sizeof(wanted));
			if (keyed)
				tag_of(key, key_length, bytes, length, got);
			else
				digest_of(bytes, length, got);
			bad += length != bits / 8 || memcmp(got, wanted, sizeof(got)) != 0;
			count++;
		}
	}
	fclose(file);
	check(count >= least && bad == 0, "%s: %u cases, %u wrong", name, count, bad);
}

/* SHAVS 6.4: a hundred times a thousand digests, each of the three before it. */
static void test_monte_carlo(const char *name)
{
	unsigned char seed[SHA256_DIGEST], wanted[SHA256_DIGEST], last[3 * SHA256_DIGEST];
	unsigned count = 0, bad = 0;
	const char *text;
	FILE *file = data_open(name);
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		if ((text = value("Seed = ")))
			data_hex(text, seed, sizeof(seed));
		if (!(text = value("MD = ")))
			continue;
		data_hex(text, wanted, sizeof(wanted));
		for (int i = 0; i < 3; i++)
			memcpy(last + i * SHA256_DIGEST, seed, SHA256_DIGEST);
		for (int i = 0; i < 1000; i++) {
			digest_of(last, sizeof(last), seed);
			memmove(last, last + SHA256_DIGEST, 2 * SHA256_DIGEST);
			memcpy(last + 2 * SHA256_DIGEST, seed, SHA256_DIGEST);
		}
		bad += memcmp(seed, wanted, sizeof(seed)) != 0;
		count++;
	}
	fclose(file);
	check(count == 100 && bad == 0, "%s: %u cases, %u wrong", name, count, bad);
}

/* One member a line; "result" is a case's last. Some tags are cut. */
static void test_wycheproof(const char *name)
{
	static unsigned char key[LONGEST], bytes[LONGEST];
	unsigned char wanted[SHA256_DIGEST], got[SHA256_DIGEST];
	size_t key_length = 0, length = 0, tag_length = 0;
	unsigned count = 0, invalid = 0, bad = 0;
	const char *text;
	FILE *file = data_open(name);
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		if ((text = value("\"key\": \""))) {
			key_length = data_hex(text, key, sizeof(key));
		} else if ((text = value("\"msg\": \""))) {
			length = data_hex(text, bytes, sizeof(bytes));
		} else if ((text = value("\"tag\": \""))) {
			tag_length = data_hex(text, wanted, sizeof(wanted));
		} else if ((text = value("\"result\": \""))) {
			bool valid = strncmp(text, "valid\"", 6) == 0;
			tag_of(key, key_length, bytes, length, got);
			bad += tag_length < 16 || secret_equal(got, wanted, tag_length) != valid;
			invalid += !valid;
			count++;
		}
	}
	fclose(file);
	check(count > 100 && invalid > 10 && bad == 0, "%s: %u cases, %u of them invalid, %u wrong",
	      name, count, invalid, bad);
}

int main(void)
{
	test_messages("vectors/SHA256ShortMsg.rsp", 65);
	test_messages("vectors/SHA256LongMsg.rsp", 64);
	test_monte_carlo("vectors/SHA256Monte.rsp");
	test_messages("vectors/rfc-4231-sha256.txt", 6);
	test_wycheproof("vectors/hmac_sha256_wycheproof.json");
	return check_done();
}
