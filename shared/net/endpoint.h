#ifndef NET_ENDPOINT_H
#define NET_ENDPOINT_H

#include "base/error.h"
#include "net/kind.h"

#include <stddef.h>
#include <sys/socket.h>

struct family;

/*
 * Where a peer is or shall be: one notation, printed and accepted alike, [FAMILY[+TYPE]:]ADDRESS.
 */
struct endpoint {
	const struct family *family;
	const struct kind *kind;
	struct sockaddr_storage address;
	socklen_t length;
};

/*
 * Room for any endpoint's text with its NUL: a prefix, and what the family writes behind it (108
 * bytes of sun_path at four each).
 */
#define FAMILY_TEXT 448
#define ENDPOINT_TEXT (32 + FAMILY_TEXT)

/* An array that grows; {0} is empty. Its owner frees it with endpoint_list_free(). */
struct endpoint_list {
	struct endpoint *items;
	size_t count;
};

/* What the command line's flags say for operands without a prefix; NULL: nothing was said. */
struct endpoint_flags {
	const struct family *family;
	const struct kind *kind;
};

/*
 * Appends every address that OPERAND stands for (a host name may have several), in the resolver's
 * order. Fails with STATUS_USAGE for what is no endpoint or contradicts the flags, with
 * STATUS_NO_HOST or STATUS_TRY_AGAIN for a name without an address.
 */
int endpoint_parse(const char *operand, const struct endpoint_flags *flags,
		   struct endpoint_list *list, struct error *error);

/*
 * For a client: the one operand that it takes, or without any the default endpoint of the family
 * that the flags name, of the first one if they name none. COMMAND is named in the error for a
 * second operand.
 */
int endpoint_parse_one(char **operands, const struct endpoint_flags *flags,
		       struct endpoint_list *list, const char *command, struct error *error);

/* The canonical text, which endpoint_parse() takes back to the same address. Returns TEXT. */
char *endpoint_format(const struct endpoint *endpoint, char text[ENDPOINT_TEXT]);

/*
 * An endpoint for an address that the kernel gave. It is of the family LIKE (a listener's, for its
 * peers) if that has the address's domain, or if the address is too short to have any, as unnamed
 * peers' are; else of the first family with that domain. LIKE may be NULL. -1: of no family here.
 */
int endpoint_from_address(const struct sockaddr *address, socklen_t length,
			  const struct family *like, const struct kind *kind,
			  struct endpoint *endpoint);

/* The address that FD itself has (getsockname), type and all. */
int endpoint_of_socket(int fd, struct endpoint *endpoint, struct error *error);

int endpoint_list_add(struct endpoint_list *list, const struct endpoint *endpoint,
		      struct error *error);
void endpoint_list_free(struct endpoint_list *list);

#endif
