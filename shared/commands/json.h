#ifndef COMMANDS_JSON_H
#define COMMANDS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What --json needs to be written, and what --merge needs to read it back (RFC 8259). */

/* With its quotes. */
void json_write_string(FILE *stream, const char *text);

/*
 * A value is known by where it begins in the text, NULL is no value: every function takes and
 * returns it, so that a path of look-ups needs one check at its end. The text must have passed
 * json_skip().
 */

/* What is behind the value; NULL if it is not well-formed. White space before it is passed over. */
const char *json_skip(const char *value);

const char *json_member(const char *object, const char *name);
const char *json_first(const char *array);  /* NULL: it is empty */
const char *json_next(const char *element); /* NULL: that was the last */

/* False: it is none, or does not fit. */
bool json_integer(const char *value, int64_t *number);
bool json_number(const char *value, double *number);
bool json_boolean(const char *value, bool *truth);
bool json_string(const char *value, char *text, size_t room); /* \u escapes of ASCII only */

#endif
