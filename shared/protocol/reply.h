#ifndef PROTOCOL_REPLY_H
#define PROTOCOL_REPLY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What `--reply` can say: how a message becomes its reply.
 *
 * To add a form that maps byte to byte: a function, and a line in reply_forms[] (reply.c).
 */
struct reply_form {
	const char *name;
	void (*apply)(unsigned char *bytes, size_t length); /* in place; NULL: as they came */
	bool values; /* each message must be one JSON value (protocol/json_validator.h) */
	bool who;    /* each is answered by a JSON object about who asks (protocol/who.h) */
};

extern const struct reply_form reply_forms[];
#define reply_form_echo (&reply_forms[0]) /* RFC 862 */

/* NULL if there is no such form. */
const struct reply_form *reply_form_by_name(const char *name);

/* "echo, upper", for an error. */
const char *reply_form_names(char *text, size_t size);

#endif
