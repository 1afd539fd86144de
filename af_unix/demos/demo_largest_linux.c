/* That one message must fit the sender's buffer, and by how much, is Linux's, unix(7). */
#define _GNU_SOURCE

#include "demos/demo.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Sends LENGTH bytes, and reads what came of them into *GOT if they were taken: errno, or 0. */
static int try_length(const int *ends, char *bytes, size_t length, ssize_t *got)
{
	*got = -1;
	if (send(ends[0], bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
		return errno;
	*got = recv(ends[1], bytes, length, MSG_DONTWAIT | MSG_TRUNC);
	return 0;
}

/* Halves what is unknown between one length that goes and one that does not. */
static size_t search(const int *ends, char *bytes, size_t too_long, int *tries)
{
	size_t goes = 1, fails = too_long;
	ssize_t got;
	for (*tries = 0; fails - goes > 1; (*tries)++) {
		size_t middle = goes + (fails - goes) / 2;
		if (try_length(ends, bytes, middle, &got) == 0)
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

static size_t largest_of(struct narrator *narrator, const int *ends, char *bytes, size_t too_long)
{
	ssize_t got;
	int tries;
	int buffer = send_buffer(ends[0]);
	size_t largest = search(ends, bytes, too_long, &tries);
	demo_show(narrator, "SO_SNDBUF is %d, the greatest %d less; %d lengths tried", buffer,
		  buffer - (int)largest, tries);
	try_length(ends, bytes, largest, &got);
	demo_claim(narrator, got == (ssize_t)largest, "%zu bytes go in one piece: recv gave %zd",
		   largest, got);
	int said = try_length(ends, bytes, largest + 1, &got);
	demo_claim(narrator, said == EMSGSIZE, "%zu do not: send: %s", largest + 1,
		   demo_errno(said));
	return largest;
}

static void measure(struct narrator *narrator, const char *name, int type)
{
	int ends[2];
	if (!demo_must(narrator, socketpair(AF_UNIX, type, 0, ends), "socketpair"))
		return;
	const int buffer = send_buffer(ends[0]), quarter = buffer / 4;
	const size_t too_long = (size_t)buffer * 2;
	char *bytes = calloc(1, too_long);
	if (demo_must(narrator, bytes ? 0 : -1, "calloc")) {
		demo_say(narrator, "%s, with the buffer the system gives:", name);
		size_t whole = largest_of(narrator, ends, bytes, too_long);
		demo_say(narrator,
			 "%s, asking for a quarter of it (Linux doubles what is asked):", name);
		setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &quarter, sizeof(quarter));
		size_t less = largest_of(narrator, ends, bytes, too_long);
		demo_claim(narrator, less < whole,
			   "the sender's buffer is the bound: %zu instead of %zu", less, whole);
		free(bytes);
	}
	close(ends[0]);
	close(ends[1]);
}

static void run(struct narrator *narrator)
{
	demo_say(narrator, "A message is sent whole or not at all. How long may it be? We search.");
	measure(narrator, "dgram", SOCK_DGRAM);
	measure(narrator, "seqpacket", SOCK_SEQPACKET);
	demo_say(narrator, "Nothing is cut: EMSGSIZE says that it will never go, EAGAIN would mean "
			   "not now.");
}

const struct demo demo_largest = {
	.name = "unix-largest",
	.summary = "the greatest message, found by search, and one byte more",
	.run = run,
};
