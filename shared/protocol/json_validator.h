#ifndef PROTOCOL_JSON_VALIDATOR_H
#define PROTOCOL_JSON_VALIDATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Tells JSON (RFC 8259, in UTF-8) from what is none, while it arrives: cut anywhere, in constant
 * memory, without I/O or allocation. It judges and keeps nothing of what it reads.
 *
 * A stream may hold one value after another, with or without white space between them. An array, an
 * object, a string, true, false and null end with their last byte. A number has no last byte of its
 * own: it ends before the first that cannot go on with it (`12[` is 12 and then an array, `01` is 0
 * and then 1), or with the input.
 *
 * Beyond the grammar: a byte order mark is refused (RFC 8259, 8.1 lets us); bytes must be UTF-8 as
 * RFC 3629 has it, so neither overlong nor a surrogate; a surrogate in \u escapes passes even
 * alone, for the grammar has it; numbers are of any size; names in an object may repeat.
 */

/*
 * Arrays and objects within one another. Deeper is refused (RFC 8259, 9), at the
 * bracket that opens it.
 */
#define JSON_DEPTH 1024

enum json_verdict {
	JSON_MORE,  /* all is well so far, and the input may go on */
	JSON_VALUE, /* a value is complete */
	JSON_WRONG, /* this can't become JSON, whatever follows */
};

struct json_validator {
	const char *reason; /* what is wrong, for a log; NULL: nothing yet */
	const char *rest;   /* of true, false or null */
	uint64_t values;    /* complete ones since json_validator_start() */
	unsigned depth;
	unsigned char state;
	unsigned char digits;                  /* hexadecimal ones still due after \u */
	unsigned char tail;                    /* bytes still due in a UTF-8 sequence ... */
	unsigned char low, high;               /* ... and the range of the next */
	bool name;                             /* the string is a name, before a colon */
	unsigned char objects[JSON_DEPTH / 8]; /* a bit for each open one: object, or array */
};

void json_validator_start(struct json_validator *json);

/*
 * Goes on with LENGTH bytes and sets *USED to how many of them it has taken:
 *
 * JSON_MORE   all; it stands between two values, or within one
 * JSON_VALUE  those up to the end of the value, which is 0 where a number turns out to have ended
 *             with the call before; the rest goes into a call of its own
 * JSON_WRONG  those before the first wrong byte, the first that no continuation could put right;
 *             they are good so far, and may be echoed. It stays wrong, and takes nothing more
 */
enum json_verdict json_validator_feed(struct json_validator *json, const void *bytes, size_t length,
				      size_t *used);

/* What the input was, all in all. */
enum json_ending {
	JSON_NONE,    /* white space at most */
	JSON_ONE,     /* one value, with nothing but white space round it: what a record must be */
	JSON_SEVERAL, /* more: in order for a stream */
	JSON_INCOMPLETE, /* it ended within a value; no byte of it is wrong */
	JSON_BROKEN,     /* json_validator_feed() has found a wrong byte */
};

/*
 * The input is over; a number that it ends with is complete now. The reason is set for all but
 * JSON_ONE. Once for each json_validator_start().
 */
enum json_ending json_validator_end(struct json_validator *json);

/*
 * A whole record at once: returns JSON_ONE or why not, with *REASON, and sets *GOOD to how many
 * bytes stand before the first wrong one. Here a second value is wrong from its first byte on.
 */
enum json_ending json_validator_record(const void *bytes, size_t length, size_t *good,
				       const char **reason);

#endif
