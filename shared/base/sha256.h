#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104, FIPS 198-1), fit for secrets: no branch
 * and no index depends on the bytes, only on how many there are. Nothing here can fail,
 * allocate or wait. A struct may be copied at any point between start and finish; each copy
 * then goes on by itself.
 */

#define SHA256_DIGEST 32 /* bytes */
#define SHA256_BLOCK 64

struct sha256 {
	uint32_t state[8];
	uint64_t length;                   /* bytes fed so far, at most 2^61 - 1 */
	unsigned char block[SHA256_BLOCK]; /* the last of them, which do not fill a block yet */
};

void sha256_start(struct sha256 *hash);

/* Takes the message in pieces of any length, 0 included; where it is cut makes no difference. */
void sha256_feed(struct sha256 *hash, const void *bytes, size_t length);

/* Writes the digest and wipes the struct. */
void sha256_finish(struct sha256 *hash, unsigned char digest[SHA256_DIGEST]);

struct hmac_sha256 {
	struct sha256 inner, outer;
};

/*
 * The key may have any length: one longer than a block is replaced by its digest, as RFC 2104
 * says. No copy of it is kept.
 */
void hmac_sha256_start(struct hmac_sha256 *hmac, const void *key, size_t length);
void hmac_sha256_feed(struct hmac_sha256 *hmac, const void *bytes, size_t length);

/* Writes the tag and wipes the struct. */
void hmac_sha256_finish(struct hmac_sha256 *hmac, unsigned char tag[SHA256_DIGEST]);

/* memcmp(3) == 0 that takes the same time wherever the bytes differ. */
bool secret_equal(const void *a, const void *b, size_t length);

/* memset(3) to 0 that a compiler keeps, though nobody reads the memory again. */
void secret_wipe(void *memory, size_t length);

#endif
