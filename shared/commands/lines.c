#include "commands/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The least room for a read(2): what a pipe holds on Linux, unless told otherwise (pipe(7)). */
#define ROOM_TO_READ (64 << 10)

int lines_fill(struct lines *lines, int fd, struct error *error)
{
	if (lines->start > 0)
		memmove(lines->bytes, lines->bytes + lines->start, lines->used - lines->start);
	lines->used -= lines->start;
	lines->start = 0;
	if (lines->used > LINE_MOST)
		return error_set(error, STATUS_DATA, "talk: line %zu is longer than any message",
				 lines->number + 1);
	if (lines->room - lines->used < ROOM_TO_READ) {
		char *bytes = realloc(lines->bytes, lines->used + ROOM_TO_READ);
		if (!bytes)
			return error_system(error, STATUS_SYSTEM, errno, "talk");
		lines->bytes = bytes;
		lines->room = lines->used + ROOM_TO_READ;
	}
	ssize_t count = read(fd, lines->bytes + lines->used, lines->room - lines->used);
	if (count == -1)
		return errno == EINTR ? 0
				      : error_system(error, STATUS_SYSTEM, errno, "standard input");
	lines->used += (size_t)count;
	lines->ended = count == 0;
	return 0;
}

bool lines_next(struct lines *lines, char **text, size_t *length)
{
	size_t left = lines->used - lines->start;
	if (left == 0)
		return false;
	char *start = lines->bytes + lines->start;
	char *end = memchr(start, '\n', left);
	if (!end && !lines->ended)
		return false;
	*text = start;
	*length = end ? (size_t)(end - start) : left;
	lines->start += *length + (end ? 1 : 0);
	lines->number++;
	return true;
}
