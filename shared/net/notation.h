#ifndef NET_NOTATION_H
#define NET_NOTATION_H

#include "base/error.h"
#include "net/endpoint.h"
#include "net/kind.h"

/*
 * Endpoints as they are written: one notation, printed (endpoint_format()) and accepted alike,
 * [FAMILY[+TYPE]:]ADDRESS. What an ADDRESS is, is its family's to say.
 */

/* What the command line's flags say for operands without a prefix; NULL: nothing was said. */
struct endpoint_flags {
	const struct family *family;
	const struct kind *kind;
};

/*
 * Appends every address that OPERAND stands for (a host name may have several), in the resolver's
 * order. Fails with STATUS_USAGE for what is not an endpoint or contradicts the flags, with
 * STATUS_NO_HOST or STATUS_TRY_AGAIN for a name without an address.
 */
int endpoint_parse(const char *operand, const struct endpoint_flags *flags,
		   struct endpoint_list *list, struct error *error);

/*
 * For a client: the one operand that it takes, or without any the default endpoint of the
 * family that the flags name, of the first one if they name none. COMMAND is named in the error
 * for a second operand.
 */
int endpoint_parse_one(char **operands, const struct endpoint_flags *flags,
		       struct endpoint_list *list, const char *command, struct error *error);

#endif
