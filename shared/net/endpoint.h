#ifndef NET_ENDPOINT_H
#define NET_ENDPOINT_H

#include "net/endpoint_list.h"

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

#endif
