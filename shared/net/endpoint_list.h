#ifndef NET_ENDPOINT_LIST_H
#define NET_ENDPOINT_LIST_H

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
 * Room for any endpoint's text with its NUL: a prefix, and what the family writes after it (108
 * bytes of sun_path at four each).
 */
#define FAMILY_TEXT 448
#define ENDPOINT_TEXT (32 + FAMILY_TEXT)

/* An array that grows; {0} is empty. Its owner frees it with endpoint_list_free(). */
struct endpoint_list {
	struct endpoint *items;
	size_t count;
};

int endpoint_list_add(struct endpoint_list *list, const struct endpoint *endpoint,
		      struct error *error);
void endpoint_list_free(struct endpoint_list *list);

#endif
