#include "net/endpoint.h"

#include "net/family.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *endpoint_format(const struct endpoint *endpoint, char text[ENDPOINT_TEXT])
{
	int used = snprintf(text, ENDPOINT_TEXT, "%s+%s:", endpoint->family->name,
			    endpoint->kind->name);
	endpoint->family->format((const struct sockaddr *)&endpoint->address, endpoint->length,
				 text + used);
	return text;
}

int endpoint_from_address(const struct sockaddr *address, socklen_t length,
			  const struct family *like, const struct kind *kind,
			  struct endpoint *endpoint)
{
	bool has_domain = length >= offsetof(struct sockaddr, sa_data);
	if (length > sizeof(endpoint->address))
		length = sizeof(endpoint->address);
	*endpoint = (struct endpoint){ .family = like, .kind = kind, .length = length };
	if (has_domain && (!like || like->domain != address->sa_family))
		endpoint->family = family_by_domain(address->sa_family);
	if (!endpoint->family)
		return -1;
	memcpy(&endpoint->address, address, length);
	if (has_domain && endpoint->family->unmap)
		endpoint->family->unmap(endpoint);
	return 0;
}

int endpoint_of_socket(int fd, struct endpoint *endpoint, struct error *error)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof(address);
	int socktype;
	socklen_t size = sizeof(socktype);
	if (getsockname(fd, (struct sockaddr *)&address, &length) == -1 ||
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &socktype, &size) == -1)
		return error_system(
			error, errno == EBADF || errno == ENOTSOCK ? STATUS_USAGE : STATUS_SYSTEM,
			errno, "descriptor %d", fd);
	const struct kind *kind = kind_by_socktype(socktype);
	if (!kind ||
	    endpoint_from_address((struct sockaddr *)&address, length, NULL, kind, endpoint) == -1)
		return error_set(error, STATUS_USAGE,
				 "descriptor %d: a socket, but of no family and type known here",
				 fd);
	return 0;
}
