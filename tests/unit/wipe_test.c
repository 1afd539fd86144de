#include "protocol/proof.h"

#include "check.h"
#include "data.h"

#include <pthread.h>
#include <string.h>

/*
 * Is anything of a secret left in memory after its use? Each proof runs on a stack of its own,
 * a thread's, which is searched once the thread is gone. This must be linked with `-z now`:
 * where a call is bound lazily, ld.so saves the vector registers on the stack, and memcpy(3)
 * may have left a secret in those.
 */

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#if !defined(SANITIZED) && (defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__))
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

enum { STACK = 256 << 10, PIECE = 8 };

static _Alignas(65536) unsigned char stack[STACK];
static const char secret[] = "correct horse battery staple 123";
static unsigned char flights[3][72];
static struct proof_secret keys;
static struct proof client, server;

static const struct {
	const char *name, *hex;
} secrets[] = {
	{ "the secret", "636f727265637420686f7273652062617474657279207374" },
	{ "the secret as padded for HMAC, inner",
	  "55594444535542165e59444553165457424253444f164542" },
	{ "the secret as padded for HMAC, outer",
	  "3f332e2e393f287c34332e2f397c3e3d2828392e257c2f28" },
	{ "Kc", "8ad40d4d72b2939a92374ba8412069466e7500a5bbff6dda3b1caaddbead2dd4" },
	{ "Ks", "85e8b396ec51241f68121bab2ece429bda0f478cdde798d7277328ac0e15c27b" },
	{ "tagC", "abffd1232f14f448354b81fb87124fd2bcf76da6320ab4870632ab0a1a69c810" },
	{ "tagS", "b3f7686eaf103e5e567d7b773d303e572ebe6d1d1e82254816494d2c943b9b82" },
};

static void *prove(void *unused)
{
	unsigned char nonces[2][PROOF_NONCE];
	struct error error;
	(void)unused;
	for (unsigned i = 0; i < PROOF_NONCE; i++) {
		nonces[0][i] = (unsigned char)i;
		nonces[1][i] = (unsigned char)(0x80 + i);
	}
	proof_secret_make(&keys, PROOF_MUTUAL, secret, strlen(secret), "echo", &error);
	proof_serve(&server, &keys, false, nonces[0]);
	proof_dial(&client, &keys, false, nonces[1]);
	struct proof_step step = proof_received(&client, nonces[0], PROOF_NONCE);
	memcpy(flights[1], step.reply, step.length);
	step = proof_received(&server, flights[1], step.length);
	memcpy(flights[2], step.reply, step.length);
	proof_received(&client, flights[2], step.length);
	return NULL;
}

/* What careless code does: this must be found, or the search is blind. */
static void *leak(void *unused)
{
	unsigned char copy[64];
	(void)unused;
	memcpy(copy, secret, sizeof(secret));
	__asm__ volatile("" : : "r"(copy) : "memory");
	return NULL;
}

/* One step at a time, because the next one would overwrite what it leaves. */
static struct sha256 hash;
static struct hmac_sha256 hmac;
static unsigned char tag[SHA256_DIGEST];
static enum proof_verdict verdict;

static void *compress_block(void *block)
{
	sha256_feed(&hash, block, SHA256_BLOCK);
	return NULL;
}

static void *start_hmac(void *unused)
{
	(void)unused;
	hmac_sha256_start(&hmac, secret, strlen(secret));
	return NULL;
}

static void *finish_hmac(void *unused)
{
	(void)unused;
	hmac_sha256_finish(&hmac, tag);
	return NULL;
}

static void *refuse_claim(void *unused)
{
	(void)unused;
	verdict = proof_received(&server, flights[1], sizeof(flights[1])).verdict;
	return NULL;
}

/* Calls it so deep in the stack that the end of the thread does not overwrite what is left. */
static void *(*deep_call)(void *);

static void *deep(void *argument)
{
	unsigned char room[16384];
	__asm__ volatile("" : : "r"(room) : "memory");
	deep_call(argument);
	__asm__ volatile("" : : "r"(room) : "memory");
	return NULL;
}

static bool run(void *(*what)(void *), void *argument)
{
	pthread_t thread;
	pthread_attr_t attributes;
	deep_call = what;
	memset(stack, 0, sizeof(stack));
	if (pthread_attr_init(&attributes) != 0)
		return false;
	bool good = pthread_attr_setstack(&attributes, stack, sizeof(stack)) == 0 &&
		    pthread_create(&thread, &attributes, deep, argument) == 0 &&
		    pthread_join(thread, NULL) == 0;
	pthread_attr_destroy(&attributes);
	return good;
}

/* Finds any eight consecutive bytes, also with those of each word of four in reverse order. */
static bool holds(const unsigned char *memory, size_t length, const unsigned char *bytes,
		  size_t count)
{
	unsigned char turned[PIECE];
	for (size_t at = 0; at + PIECE <= count; at++) {
		for (size_t i = 0; i < PIECE; i++)
			turned[i] = bytes[at + (i ^ 3)];
		for (size_t i = 0; i + PIECE <= length; i++)
			if (memory[i] == bytes[at] || memory[i] == turned[0])
				if (memcmp(memory + i, bytes + at, PIECE) == 0 ||
				    memcmp(memory + i, turned, PIECE) == 0)
					return true;
	}
	return false;
}

static bool stack_holds(const char *hex)
{
	unsigned char bytes[64];
	return holds(stack, sizeof(stack), bytes, data_hex(hex, bytes, sizeof(bytes)));
}

static bool is_wiped(const void *memory, size_t length)
{
	const unsigned char *bytes = memory;
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

static void test_stack(void)
{
	if (SANITIZED) {
		check_skip("what is left on the stack",
			   "a sanitizer keeps copies of its own there");
		return;
	}
	check(run(leak, NULL) && stack_holds(secrets[0].hex),
	      "a secret that is left on the stack is found");
	if (!check(run(prove, NULL), "a proof on a stack of its own"))
		return;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
		check(!stack_holds(secrets[i].hex), "nothing is left of %s", secrets[i].name);
	/* keyed states are as good as keys */
	check(!holds(stack, sizeof(stack), (unsigned char *)keys.client.inner.state, 32) &&
		      !holds(stack, sizeof(stack), (unsigned char *)keys.client.outer.state, 32) &&
		      !holds(stack, sizeof(stack), (unsigned char *)keys.server.inner.state, 32) &&
		      !holds(stack, sizeof(stack), (unsigned char *)keys.server.outer.state, 32),
	      "nor of the states that the keys lead to");
}

/* The last 16 words of a block's schedule (FIPS 180-4, 6.2.2), which lead back to the block. */
static void schedule(const unsigned char *block, uint32_t last[16])
{
	uint32_t w[64];
	for (unsigned t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
		       (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (unsigned t = 16; t < 64; t++) {
		uint32_t a = w[t - 15], b = w[t - 2];
		w[t] = w[t - 16] + w[t - 7] + ((a >> 7 | a << 25) ^ (a >> 18 | a << 14) ^ a >> 3) +
		       ((b >> 17 | b << 15) ^ (b >> 19 | b << 13) ^ b >> 10);
	}
	memcpy(last, w + 48, 16 * sizeof(*last));
}

static void test_steps(void)
{
	unsigned char block[SHA256_BLOCK] =
		"a block of exactly sixty-four bytes, all of them rather secret!";
	unsigned char wanted[SHA256_DIGEST];
	uint32_t before[8], words[16];
	if (SANITIZED)
		return; /* reported above */
	sha256_start(&hash);
	memcpy(before, hash.state, sizeof(before));
	schedule(block, words);
	run(compress_block, block);
	check(!holds(stack, sizeof(stack), (unsigned char *)words, sizeof(words)) &&
		      !holds(stack, sizeof(stack), block, sizeof(block)),
	      "a block leaves nothing of its words");
	for (unsigned i = 0; i < 8; i++)
		words[i] = hash.state[i] - before[i];
	check(!holds(stack, sizeof(stack), (unsigned char *)words, sizeof(before)),
	      "nor of its rounds");

	run(start_hmac, NULL);
	check(!stack_holds(secrets[0].hex) && !stack_holds(secrets[1].hex) &&
		      !stack_holds(secrets[2].hex),
	      "the start of an HMAC leaves nothing of its key");
	hash = hmac.inner;
	sha256_finish(&hash, wanted);
	run(finish_hmac, NULL);
	check(!holds(stack, sizeof(stack), wanted, sizeof(wanted)),
	      "its end nothing of the inner digest");

	prove(NULL);
	memcpy(wanted, flights[1] + 40, sizeof(wanted));
	memset(flights[1] + 40, 'x', sizeof(wanted));
	proof_serve(&server, &keys, false, flights[0]);
	memcpy(server.challenge, client.challenge, sizeof(server.challenge));
	run(refuse_claim, NULL);
	check(!holds(stack, sizeof(stack), wanted, sizeof(wanted)),
	      "a wrong tag nothing of the right one");
	check(verdict == PROOF_REFUSED, "and is refused");
}

static void test_structs(void)
{
	prove(NULL);
	check(flights[1][0] == 'S' && flights[2][0] == 0, "a proof is made");
	proof_wipe(&client);
	proof_wipe(&server);
	check(is_wiped(client.claim, sizeof(client.claim)) &&
		      is_wiped(client.answer, sizeof(client.answer)) &&
		      is_wiped(server.claim, sizeof(server.claim)) &&
		      is_wiped(server.answer, sizeof(server.answer)),
	      "its tags are wiped");
	prove(NULL);
	flights[1][71] ^= 1;
	proof_serve(&server, &keys, false, flights[0]);
	check(proof_received(&server, flights[1], 72).verdict == PROOF_REFUSED &&
		      is_wiped(server.claim, sizeof(server.claim)),
	      "and so they are where it is refused");
	proof_secret_wipe(&keys);
	check(is_wiped(&keys, sizeof(keys)), "the keys are wiped");
}

int main(void)
{
	test_stack();
	test_steps();
	test_structs();
	return check_done();
}
