#include "net/kind.h"

#include <string.h>
#include <sys/socket.h>

const struct kind kinds[KIND_COUNT] = {
	{ .name = "stream", .bit = KIND_STREAM, .socktype = SOCK_STREAM, .connected = true },
	{ .name = "dgram", .bit = KIND_DGRAM, .socktype = SOCK_DGRAM, .records = true },
	{ .name = "seqpacket",
	  .bit = KIND_SEQPACKET,
	  .socktype = SOCK_SEQPACKET,
	  .connected = true,
	  .records = true },
};

const struct kind *const kind_stream = &kinds[0];
const struct kind *const kind_dgram = &kinds[1];
const struct kind *const kind_seqpacket = &kinds[2];

const struct kind *kind_by_name(const char *name, size_t length)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0)
			return &kinds[i];
	return NULL;
}

const struct kind *kind_by_socktype(int socktype)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (kinds[i].socktype == socktype)
			return &kinds[i];
	return NULL;
}
