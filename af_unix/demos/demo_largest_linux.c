/* How large a message may be, measured by the sender's buffer, is Linux's, unix(7). */
#define _GNU_SOURCE

#include "af_unix/demos/demos.h"

#include "demos/sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Sends LENGTH bytes: 0, and *GOT is how many of them are received; or errno. */
static int try_length(const struct demo_pair *pair, char *bytes, size_t length, ssize_t *got)
{
	*got = -1;
	if (send(pair->client, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
		return errno;
	*got = recv(pair->server, bytes, length, MSG_DONTWAIT | MSG_TRUNC);
	return 0;
}

/* Halves the gap between a length that goes and one that does not, until there is none. */
static size_t search(const struct demo_pair *pair, char *bytes, size_t too_long, int *tries)
{
	size_t goes = 1, fails = too_long;
	ssize_t got;
	for (*tries = 0; fails - goes > 1; (*tries)++) {
		size_t middle = goes + (fails - goes) / 2;
		if (try_length(pair, bytes, middle, &got) == 0)
			goes = middle;
		else
			fails = middle;
	}
	return goes;
}

static int send_buffer(int fd)
{
	int size = 0;
	socklen_t length = sizeof(size);
	getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &length);
	return size;
}

static size_t largest_of(struct narrator *narrator, const struct demo_pair *pair, char *bytes,
			 size_t too_long)
{
	ssize_t got;
	int tries;
	int buffer = send_buffer(pair->client);
	size_t largest = search(pair, bytes, too_long, &tries);
	demo_show(narrator, "SO_SNDBUF is %d; the largest message is %d less; %d lengths tried",
		  buffer, buffer - (int)largest, tries);
	try_length(pair, bytes, largest, &got);
	demo_claim(narrator, got == (ssize_t)largest, "%zu bytes go in one piece: recv() = %zd",
		   largest, got);
	int said = try_length(pair, bytes, largest + 1, &got);
	demo_claim(narrator, said == EMSGSIZE, "%zu do not: send: %s", largest + 1,
		   demo_errno(said));
	return largest;
}

static void measure(struct narrator *narrator, const char *name, int type)
{
	struct demo_pair pair;
	if (!demo_pair_unix(narrator, type, &pair))
		return;
	const int buffer = send_buffer(pair.client), quarter = buffer / 4;
	const size_t too_long = (size_t)buffer * 2;
	char *bytes = calloc(1, too_long);
	if (demo_must(narrator, bytes ? 0 : -1, "calloc")) {
		demo_say(narrator, "%s, with the default buffer:", name);
		size_t whole = largest_of(narrator, &pair, bytes, too_long);
		demo_say(narrator,
			 "%s, with a quarter of that asked for (Linux doubles what is asked):",
			 name);
		setsockopt(pair.client, SOL_SOCKET, SO_SNDBUF, &quarter, sizeof(quarter));
		size_t less = largest_of(narrator, &pair, bytes, too_long);
		demo_claim(narrator, less < whole,
			   "the sender's buffer sets the limit: %zu instead of %zu", less, whole);
		free(bytes);
	}
	demo_pair_close(&pair);
}

void demo_largest(struct narrator *narrator)
{
	demo_say(narrator, "A message is sent whole or not at all. How long may it be? A binary "
			   "search finds out.");
	measure(narrator, "dgram", SOCK_DGRAM);
	measure(narrator, "seqpacket", SOCK_SEQPACKET);
	demo_say(narrator, "Nothing is cut: EMSGSIZE says that a message will never go; EAGAIN "
			   "would mean \"not now\".");
}
