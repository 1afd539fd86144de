#ifndef PROTOCOL_WHO_H
#define PROTOCOL_WHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The reply of `--reply who`: one JSON object (RFC 8259) about who asks, who answers, and the
 * message. Its members are in shared/install/schema/who.json. No I/O, no allocation, no clock.
 */

/* Room for a whole reply with its newline. */
#define WHO_ROOM (32 << 10)

/* A number that is not known, and is null in the reply. */
#define WHO_UNKNOWN (-1)

/* What a PROXY header said. Texts may be NULL: it did not say that. */
struct who_proxy {
	const char *source, *destination;
	const unsigned char *tlvs; /* as they came: type, length in two bytes, value */
	size_t length;             /* the last may be cut: then its value is null */
};

/* What is the same for all messages of a connection. Texts are UTF-8; NULL is null. */
struct who_facts {
	const char *peer, *local, *family, *type, *name;
	bool has_user; /* pid, uid and gid are members, known or not */
	int64_t pid, uid, gid;
	bool has_hops; /* ttl, dscp and ecn are, likewise */
	int ttl, dscp, ecn;
	const struct who_proxy *proxy; /* NULL: no member */
};

/*
 * Writes the beginning of the object, up to where a message's own members go; ROOM is WHO_ROOM at
 * least. What is so long that it might not leave room for those, as many TLVs can be, is cut to
 * null. Returns the length, without the NUL at its end.
 */
size_t who_begin(const struct who_facts *facts, char *text, size_t room);

/* One connection's messages. */
struct who {
	const char *beginning; /* from who_begin(), the caller's */
	char *text;            /* WHO_ROOM bytes, the caller's, for a reply until it is sent */
	uint64_t number;       /* of the last message, from 1 */
	uint64_t length;       /* of the line that has not ended, on a stream */
	int64_t time;          /* when what is handed in came: nanoseconds since the Epoch */
};

/* Writes the reply to the next message, of LENGTH bytes, and on a stream its newline. How long it is. */
size_t who_reply(struct who *who, uint64_t length, bool newline);

#endif
