#ifndef PROTOCOL_PROOF_H
#define PROTOCOL_PROOF_H

#include "base/error.h"
#include "base/sha256.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The proof that a peer holds the same secret, before anything else is said. Three flights:
 *
 *   mutual  challenge  server to client  32 random bytes, new for each connection
 *           claim      client to server  "SFECHO" 1 0, 32 random bytes, the client's tag: 72 bytes
 *           answer     server to client  0, the server's tag: 33 bytes
 *   simple  challenge  the same
 *           claim      client to server  HMAC-SHA-256 of the challenge under the secret: 32 bytes
 *
 * Each tag of `mutual` is an HMAC-SHA-256 under a key of that side's own over all that was said
 * before it and the service's name: so it serves at no other service, in no other connection and
 * not for the other side. `simple` has none of that: whoever is dialled can pass the challenge on
 * to another server and get in there, and the client learns nothing about whom it talks to. Neither
 * hides or protects what follows.
 *
 * No I/O, no allocation, no clock: the caller hands in random bytes and what it received, sends the
 * reply of each step before it receives again, and watches the deadline.
 */

#define PROOF_NONCE 32 /* random bytes each side brings */

enum proof_form { PROOF_MUTUAL, PROOF_SIMPLE };

/* Made once from the secret; then used by any number of proofs at once, which only read it. */
struct proof_secret {
	enum proof_form form;
	struct hmac_sha256
		client; /* keyed, and fed with what is the same in each of the client's tags */
	struct hmac_sha256 server; /* likewise; not in PROOF_SIMPLE */
};

/*
 * The secret is not kept; the caller wipes it. SERVICE has 65535 bytes at most, else STATUS_USAGE;
 * it plays no part in PROOF_SIMPLE.
 */
int proof_secret_make(struct proof_secret *keys, enum proof_form form, const void *secret,
		      size_t length, const char *service, struct error *error);
void proof_secret_wipe(struct proof_secret *keys);

enum proof_verdict {
	PROOF_MORE,    /* the peer's turn */
	PROOF_DONE,    /* proven; the reply, if there is one, still goes out */
	PROOF_REFUSED, /* close, and say nothing to the peer */
};

struct proof_step {
	enum proof_verdict verdict;
	size_t used; /* of what was handed in: with PROOF_DONE the rest is for the next stage */
	const unsigned char *reply; /* within the struct proof, until it is handed something more */
	size_t length;              /* of the reply; 0: nothing to send */
	const char *reason;         /* why it was refused, for the log */
};

/* One connection's, on either side. All of it is the stage's own. */
struct proof {
	const struct proof_secret *keys;
	bool server;
	bool record;          /* a flight is one record */
	unsigned char awaits; /* a flight */
	unsigned char length; /* bytes of it that have come */
	unsigned char challenge[PROOF_NONCE];
	unsigned char claim[8 + PROOF_NONCE + SHA256_DIGEST]; /* in PROOF_SIMPLE the digest alone */
	unsigned char answer[1 + SHA256_DIGEST];
};

/*
 * NONCE: random bytes from the kernel, never used before. KEYS stays the caller's, and
 * unchanged. RECORD: what is handed in later is one record, whole, and must have the length of
 * its flight. The server's first step has the challenge for a reply. A client with PROOF_SIMPLE
 * needs no nonce: NULL.
 */
struct proof_step proof_serve(struct proof *proof, const struct proof_secret *keys, bool record,
			      const unsigned char nonce[PROOF_NONCE]);
void proof_dial(struct proof *proof, const struct proof_secret *keys, bool record,
		const unsigned char *nonce);

/*
 * How many bytes of the awaited flight are missing: whoever receives no more than that has nothing left
 * over for the next stage.
 */
size_t proof_missing(const struct proof *proof);

/*
 * LENGTH bytes were received. Refuses with the first byte that can't be right, not
 * only with the last.
 */
struct proof_step proof_received(struct proof *proof, const void *bytes, size_t length);

/*
 * The peer has ended its side, or the connection: before the proof, that is a refusal.
 * Why, for the log.
 */
const char *proof_ended(const struct proof *proof);

/* Once the last reply is sent, or at whatever other end. */
void proof_wipe(struct proof *proof);

#endif
