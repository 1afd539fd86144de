#ifndef NET_KIND_H
#define NET_KIND_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What `-t TYPE` and `FAMILY+TYPE:` can say: the socket types, and what an echo must know of each.
 */
struct kind {
	const char *name;
	unsigned bit;   /* in a set of kinds: KIND_STREAM, ... */
	int socktype;   /* SOCK_STREAM, ... */
	bool connected; /* peers connect, and an end is seen */
	bool records;   /* message boundaries are kept, so an empty message can arrive */
};

/* A set of kinds is these, or-ed together. */
enum { KIND_STREAM = 1, KIND_DGRAM = 2, KIND_SEQPACKET = 4 };

#define KIND_COUNT 3
extern const struct kind kinds[KIND_COUNT];
extern const struct kind *const kind_stream;
extern const struct kind *const kind_dgram;
extern const struct kind *const kind_seqpacket;

/* NULL: there is no such type. */
const struct kind *kind_by_name(const char *name, size_t length);
const struct kind *kind_by_socktype(int socktype);

/*
 * So much of a stream is received or sent at once: more does not make bulk faster, and whoever else
 * the thread serves waits meanwhile.
 */
#define STREAM_PIECE (256 << 10)

#endif
