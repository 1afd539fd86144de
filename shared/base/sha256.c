#include "base/sha256.h"

#include <string.h>

/* The cube roots of the first 64 primes: 32 bits of each after the point (FIPS 180-4, 4.2.2). */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned right)
{
	return word >> right | word << (32 - right);
}

static uint32_t read_word(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static void write_word(unsigned char *bytes, uint32_t word)
{
	for (unsigned i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(word >> (24 - 8 * i));
}

/* One round (6.2.2, step 3), on the eight variables a to h. */
static void turn(uint32_t v[8], uint32_t addend)
{
	uint32_t sum1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
	uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
	uint32_t t1 = v[7] + sum1 + choice + addend;
	uint32_t sum0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
	uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
	for (unsigned i = 7; i > 0; i--)
		v[i] = v[i - 1];
	v[4] += t1;
	v[0] = t1 + sum0 + majority;
}

/* The schedule needs no more than its last sixteen words at a time. */
static uint32_t schedule(uint32_t w[16], unsigned t)
{
	uint32_t before = w[(t - 15) % 16], late = w[(t - 2) % 16];
	uint32_t sigma0 = rotate(before, 7) ^ rotate(before, 18) ^ before >> 3;
	uint32_t sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10;
	return w[t % 16] += sigma1 + w[(t - 7) % 16] + sigma0;
}

static void compress(uint32_t state[8], const unsigned char *block)
{
	uint32_t v[8], w[16];
	memcpy(v, state, sizeof(v));
	for (unsigned t = 0; t < 16; t++) {
		w[t] = read_word(block + 4 * t);
		turn(v, round_constants[t] + w[t]);
	}
	for (unsigned t = 16; t < 64; t++)
		turn(v, round_constants[t] + schedule(w, t));
	for (unsigned i = 0; i < 8; i++)
		state[i] += v[i];
	/* Either gives a key away: w leads back to the block, and v to the state before it. */
	secret_wipe(v, sizeof(v));
	secret_wipe(w, sizeof(w));
}

void sha256_start(struct sha256 *hash)
{
	/* Likewise the square roots of the first eight primes (5.3.3). */
	static const uint32_t initial[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	memcpy(hash->state, initial, sizeof(initial));
	hash->length = 0;
}

void sha256_feed(struct sha256 *hash, const void *bytes, size_t length)
{
	const unsigned char *next = bytes;
	size_t held = (size_t)(hash->length % SHA256_BLOCK);
	if (length == 0)
		return; /* so that BYTES may be NULL */
	hash->length += length;
	if (held > 0) {
		size_t missing = SHA256_BLOCK - held;
		size_t part = length < missing ? length : missing;
		memcpy(hash->block + held, next, part);
		if (part < missing)
			return;
		compress(hash->state, hash->block);
		next += part;
		length -= part;
	}
	for (; length >= SHA256_BLOCK; next += SHA256_BLOCK, length -= SHA256_BLOCK)
		compress(hash->state, next);
	if (length > 0)
		memcpy(hash->block, next, length);
}

void sha256_finish(struct sha256 *hash, unsigned char digest[SHA256_DIGEST])
{
	static const unsigned char padding[SHA256_BLOCK] = { 0x80 };
	unsigned char bits[8];
	size_t held = (size_t)(hash->length % SHA256_BLOCK);
	write_word(bits, (uint32_t)(hash->length >> 29));
	write_word(bits + 4, (uint32_t)(hash->length << 3));
	/* At least one byte of padding, and as many as put the length at the end of a block. */
	sha256_feed(hash, padding, 1 + (2 * SHA256_BLOCK - 9 - held) % SHA256_BLOCK);
	sha256_feed(hash, bits, sizeof(bits));
	for (unsigned i = 0; i < 8; i++)
		write_word(digest + 4 * i, hash->state[i]);
	secret_wipe(hash, sizeof(*hash));
}

void hmac_sha256_start(struct hmac_sha256 *hmac, const void *key, size_t length)
{
	unsigned char pad[SHA256_BLOCK] = { 0 };
	if (length > SHA256_BLOCK) {
		sha256_start(&hmac->inner);
		sha256_feed(&hmac->inner, key, length);
		sha256_finish(&hmac->inner, pad);
	} else if (length > 0) {
		memcpy(pad, key, length);
	}
	for (unsigned i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36;
	sha256_start(&hmac->inner);
	sha256_feed(&hmac->inner, pad, sizeof(pad));
	for (unsigned i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	sha256_start(&hmac->outer);
	sha256_feed(&hmac->outer, pad, sizeof(pad));
	secret_wipe(pad, sizeof(pad));
}

void hmac_sha256_feed(struct hmac_sha256 *hmac, const void *bytes, size_t length)
{
	sha256_feed(&hmac->inner, bytes, length);
}

void hmac_sha256_finish(struct hmac_sha256 *hmac, unsigned char tag[SHA256_DIGEST])
{
	unsigned char digest[SHA256_DIGEST];
	sha256_finish(&hmac->inner, digest);
	sha256_feed(&hmac->outer, digest, sizeof(digest));
	sha256_finish(&hmac->outer, tag);
	secret_wipe(digest, sizeof(digest));
}

/*
 * Volatile, so that no compiler may stop at the first difference; and the answer is computed,
 * not chosen by a branch.
 */
bool secret_equal(const void *a, const void *b, size_t length)
{
	const volatile unsigned char *left = a, *right = b;
	unsigned difference = 0;
	for (size_t i = 0; i < length; i++)
		difference |= (unsigned)(left[i] ^ right[i]);
	return (difference - 1) >> 8 & 1;
}

void secret_wipe(void *memory, size_t length)
{
	memset(memory, 0, length);
	/* For all that the compiler knows, this reads the memory: so it was not cleared in vain. */
	__asm__ volatile("" : : "r"(memory) : "memory");
}
