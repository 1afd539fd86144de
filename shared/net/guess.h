#ifndef NET_GUESS_H
#define NET_GUESS_H

#include "base/error.h"
#include "net/kind.h"

#include <stddef.h>

struct family;

/* What was meant by operands that are no endpoints, as people write them: all are STATUS_USAGE. */

/*
 * Refuses what begins like a prefix and is none: `tcp:127.0.0.1:7`, `unix://run/s`, `dgram:@name`,
 * `inte6::7`. FAMILY and KIND are what its real prefix says, or NULL. 0: there is nothing wrong.
 */
int guess_prefix(const char *operand, const struct family *family, const struct kind *kind,
		 struct error *error);

/* Refuses what would be a host's name, and is surely a path. 0: it may be a host's name. */
int guess_path(const char *operand, struct error *error);

/* OPERAND was looked up as a host's name, in vain: adds a hint to that error where there is one. */
void guess_after_lookup(const char *operand, struct error *error);

/* Likewise the name of a family. */
const char *guess_family(const char *word, size_t length);

/* The name of the type that LENGTH bytes of WORD, which are none, may mean; NULL: nobody knows. */
const char *guess_kind(const char *word, size_t length);

/* There are two operands where COMMAND takes one. Returns -1. */
int guess_operands(char **operands, const char *command, struct error *error);

#endif
