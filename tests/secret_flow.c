#include "base/sha256.h"
#include "protocol/proof.h"

#include <stdio.h>
#include <string.h>

/*
 * Does a branch or an index depend on a secret? This runs under valgrind's memcheck. Secrets
 * are marked as undefined, and so is everything that is computed from them; memcheck then
 * reports each branch and each index that depends on one. What is public on purpose is marked
 * as defined again. The outcome of a comparison is public too: the linker's --wrap lets it be
 * marked here and only here.
 *
 *     secret_flow SCENARIO    --list names them; in those that begin with "caught-",
 *                             memcheck must find errors
 *
 * Its status:
 *
 *     0   it ran, and its results are right
 *     1   its results are wrong
 *     64  wrong usage
 *     77  valgrind's header was not there when it was built
 */

#ifdef __has_include
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define MARKS 1
#endif
#endif
#ifndef MARKS
#define MARKS 0
#define VALGRIND_MAKE_MEM_UNDEFINED(memory, length) ((void)(memory), (void)(length))
#define VALGRIND_MAKE_MEM_DEFINED(memory, length) ((void)(memory), (void)(length))
#endif

static void hide(void *memory, size_t length)
{
	VALGRIND_MAKE_MEM_UNDEFINED(memory, length);
}

static void show(void *memory, size_t length)
{
	VALGRIND_MAKE_MEM_DEFINED(memory, length);
}

bool __real_secret_equal(const void *a, const void *b, size_t length);
bool __wrap_secret_equal(const void *a, const void *b, size_t length);

bool __wrap_secret_equal(const void *a, const void *b, size_t length)
{
	bool equal = __real_secret_equal(a, b, length);
	show(&equal, sizeof(equal));
	return equal;
}

static bool is_hex(const unsigned char digest[SHA256_DIGEST], const char *wanted)
{
	char text[2 * SHA256_DIGEST + 1];
	for (size_t i = 0; i < SHA256_DIGEST; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return strcmp(text, wanted) == 0;
}

static bool run_hash(void)
{
	unsigned char bytes[1000], digest[SHA256_DIGEST];
	struct sha256 hash;
	memset(bytes, 'a', sizeof(bytes));
	hide(bytes, sizeof(bytes));
	sha256_start(&hash);
	for (size_t i = 0; i < 1000; i++)
		sha256_feed(&hash, bytes, sizeof(bytes));
	sha256_finish(&hash, digest);
	show(digest, sizeof(digest));
	return is_hex(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Keys shorter than a block, as long as one, and longer; the last tag is RFC 4231's, case 6. */
static bool run_hmac(void)
{
	static const char text[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	static const size_t lengths[] = { 0, 1, 32, 63, 64, 65, 131 };
	unsigned char key[131], tag[SHA256_DIGEST];
	struct hmac_sha256 hmac;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		memset(key, 0xaa, sizeof(key));
		hide(key, sizeof(key));
		hmac_sha256_start(&hmac, key, lengths[i]);
		hmac_sha256_feed(&hmac, text, strlen(text));
		hmac_sha256_finish(&hmac, tag);
	}
	show(tag, sizeof(tag));
	return is_hex(tag, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static bool run_equal(void)
{
	unsigned char a[SHA256_DIGEST] = "x", b[SHA256_DIGEST] = "x";
	hide(a, sizeof(a));
	hide(b, sizeof(b));
	bool equal = secret_equal(a, b, sizeof(a));
	show(b, sizeof(b));
	b[31] ^= 1;
	hide(b, sizeof(b));
	return equal && !secret_equal(a, b, sizeof(a));
}

/* Both sides of a proof. The secret is hidden, and so is what they compute from it and send. */
static bool prove(enum proof_form form, bool spoil)
{
	char secret[] = "correct horse battery staple 123";
	unsigned char nonce[PROOF_NONCE] = { 1, 2, 3 }, flight[72];
	struct proof_secret keys;
	struct proof server, client;
	struct error error;
	hide(secret, sizeof(secret) - 1);
	if (proof_secret_make(&keys, form, secret, sizeof(secret) - 1, "echo", &error) == -1)
		return false;
	struct proof_step step = proof_serve(&server, &keys, false, nonce);
	proof_dial(&client, &keys, false, nonce);
	step = proof_received(&client, step.reply, step.length);
	size_t length = step.length;
	memcpy(flight, step.reply, length);
	flight[length - 1] ^= spoil;
	step = proof_received(&server, flight, length);
	bool good = step.verdict == (spoil ? PROOF_REFUSED : PROOF_DONE);
	if (form == PROOF_MUTUAL && !spoil) {
		memcpy(flight, step.reply, step.length);
		good = good && proof_received(&client, flight, step.length).verdict == PROOF_DONE;
	}
	proof_wipe(&server);
	proof_wipe(&client);
	proof_secret_wipe(&keys);
	return good;
}

static bool run_mutual(void)
{
	return prove(PROOF_MUTUAL, false) && prove(PROOF_MUTUAL, true);
}

static bool run_simple(void)
{
	return prove(PROOF_SIMPLE, false) && prove(PROOF_SIMPLE, true);
}

/* The rest is how it must not be done. */
static volatile unsigned sink;

static bool caught_branch(void)
{
	unsigned char a[SHA256_DIGEST] = "x", b[SHA256_DIGEST] = "x";
	hide(a, sizeof(a));
	for (size_t i = 0; i < sizeof(a); i++)
		if (a[i] != b[i])
			return false; /* earlier, where they differ earlier */
	return true;
}

static bool caught_index(void)
{
	static const unsigned char table[256] = { 7 };
	unsigned char secret[] = "x";
	hide(secret, sizeof(secret));
	sink = table[secret[0]];
	return true;
}

static bool caught_memcmp(void)
{
	unsigned char tag[SHA256_DIGEST];
	char key[] = "key";
	struct hmac_sha256 hmac;
	hide(key, 3);
	hmac_sha256_start(&hmac, key, 3);
	hmac_sha256_finish(&hmac, tag);
	if (memcmp(tag, "another tag of thirty-two bytes!", sizeof(tag)) == 0)
		puts("equal"); /* so that every compiler makes a branch of it */
	return true;
}

static const struct {
	const char *name;
	bool (*run)(void);
} scenarios[] = {
	{ "hash", run_hash },
	{ "hmac", run_hmac },
	{ "equal", run_equal },
	{ "mutual", run_mutual },
	{ "simple", run_simple },
	{ "caught-branch", caught_branch },
	{ "caught-index", caught_index },
	{ "caught-memcmp", caught_memcmp },
};

int main(int argc, char **argv)
{
	enum { COUNT = sizeof(scenarios) / sizeof(*scenarios) };
	if (argc != 2)
		return 64;
	if (!MARKS)
		return 77;
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(argv[1], "--list") == 0)
			puts(scenarios[i].name);
		else if (strcmp(argv[1], scenarios[i].name) == 0)
			return !scenarios[i].run();
	}
	return strcmp(argv[1], "--list") == 0 ? 0 : 64;
}
