#include "net/family.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

/*
 * A family made of what a family must have, and nothing else: unix stream sockets that have a name
 * in Linux's abstract namespace (unix(7)). An address is that name, of printable ASCII.
 */

#define ROOM (sizeof(((struct sockaddr_un *)0)->sun_path) - 1) /* without the NUL at the head */

static int resolve(const char *address, const struct kind *kind, struct endpoint_list *list,
		   struct error *error)
{
	struct endpoint endpoint = { .family = &af_twin, .kind = kind };
	struct sockaddr_un *un = (struct sockaddr_un *)&endpoint.address;
	if (*address == '\0')
		address = "sockfam-twin";
	size_t length = strlen(address);
	if (length > ROOM)
		return error_set(error, STATUS_USAGE, "%s: longer than %zu bytes", address, ROOM);
	for (const char *byte = address; *byte; byte++)
		if (*byte < ' ' || *byte > '~')
			return error_set(error, STATUS_USAGE, "%s: not printable", address);
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path + 1, address, length);
	endpoint.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
	return endpoint_list_add(list, &endpoint, error);
}

/* A peer that has no name, as clients have none, is an empty text. */
static void format(const struct sockaddr *address, socklen_t length, char *text)
{
	const socklen_t head = offsetof(struct sockaddr_un, sun_path) + 1;
	size_t used = 0;
	for (; head + used < length && used < ROOM; used++) {
		char byte = ((const struct sockaddr_un *)address)->sun_path[1 + used];
		text[used] = byte < ' ' || byte > '~' ? '?' : byte;
	}
	text[used] = '\0';
}

/* The folder's name is the caller's alone, and makes a name in it so. */
static void fresh(const char *folder, const char *name, char *text, size_t room)
{
	snprintf(text, room, "%s/%s", folder, name);
}

const struct family af_twin = {
	.name = "twin",
	.domain = AF_UNIX,
	.types = KIND_STREAM,
	.resolve = resolve,
	.format = format,
	.fresh = fresh,
};
