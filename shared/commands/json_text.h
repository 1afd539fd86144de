#ifndef COMMANDS_JSON_TEXT_H
#define COMMANDS_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What --json needs to be written, and what --merge needs to read it back (RFC 8259). */

/* With its quotes. */
void json_text_write_string(FILE *stream, const char *text);

/*
 * A value is known by where it begins in the text, NULL is no value: every function
 * takes and returns it, so that a path of look-ups needs one check at its end. The text
 * must have passed json_text_skip().
 */

/* What comes after the value; NULL if it is not well-formed. White space before it is passed over. */
const char *json_text_skip(const char *value);

const char *json_text_member(const char *object, const char *name);
const char *json_text_first(const char *array);  /* NULL: it is empty */
const char *json_text_next(const char *element); /* NULL: that was the last */

/* False: it is none, or does not fit. */
bool json_text_integer(const char *value, int64_t *number);
bool json_text_number(const char *value, double *number);
bool json_text_boolean(const char *value, bool *truth);
bool json_text_string(const char *value, char *text, size_t room); /* \u escapes of ASCII only */

#endif
