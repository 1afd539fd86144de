#ifndef NET_ENDPOINT_H
#define NET_ENDPOINT_H

#include "base/error.h"
#include "net/kind.h"

#include <stddef.h>
#include <sys/socket.h>

struct family;

/* Where a peer is or shall be: a family, a type, an address. notation.h says how it is written. */
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

/* The canonical text, which notation.h takes back to the same address. Returns TEXT. */
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
