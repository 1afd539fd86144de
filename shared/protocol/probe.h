#ifndef PROTOCOL_PROBE_H
#define PROTOCOL_PROBE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The messages that ping and bench send: a number, by which a reply is recognised, and after it
 * bytes that depend on the number, so that every byte of a reply can be checked and a reply cannot
 * pass for another. No sockets, no allocation.
 */

#define PROBE_LEAST 8   /* bytes: the number, big-endian */
#define PROBE_SPAN 4096 /* so many different bodies there are */

struct probe {
	size_t size;                /* of each message, PROBE_LEAST at least */
	const unsigned char *table; /* the bodies are pieces of it */
};

/* TABLE has PROBE_SPAN + SIZE bytes, and is the caller's, for as long as the probe is used. */
void probe_init(struct probe *probe, unsigned char *table, size_t size);

/* Writes message NUMBER. */
void probe_write(const struct probe *probe, uint64_t number, unsigned char *message);

/* The number that these PROBE_LEAST bytes say. */
uint64_t probe_number(const unsigned char *message);

/*
 * Compares LENGTH received bytes with message NUMBER from its offset FROM on; FROM + LENGTH may not
 * exceed the size. Returns how many are right from the first on: LENGTH if all are.
 */
size_t probe_check(const struct probe *probe, uint64_t number, size_t from,
		   const unsigned char *bytes, size_t length);

/*
 * How many of the first bytes received, up to PROBE_ALIKE, are those of message NUMBER: a reply that
 * was damaged on its way is still like the message that it answers, and like no other.
 */
#define PROBE_ALIKE 72
size_t probe_alike(const struct probe *probe, uint64_t number, const unsigned char *bytes,
		   size_t length);

/* What stands at OFFSET of message NUMBER. */
unsigned char probe_byte(const struct probe *probe, uint64_t number, size_t offset);

#endif
