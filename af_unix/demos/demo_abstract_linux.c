/* Names without a file are Linux's, unix(7). */
#define _GNU_SOURCE

#include "af_unix/demos/demos.h"

#include "base/clock.h"
#include "demos/sockets.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A name begins with a NUL byte, and ends where the length of the address says. */
static socklen_t name_it(struct sockaddr_un *address, const char *name, size_t bytes)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path + 1, name, bytes);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + bytes);
}

static int try_bind(const struct sockaddr_un *address, socklen_t length, int *fd)
{
	*fd = socket(AF_UNIX, SOCK_STREAM, 0);
	return demo_error(bind(*fd, (const struct sockaddr *)address, length));
}

static void its_length(struct narrator *narrator, const char *name)
{
	struct sockaddr_un address, got = { 0 };
	size_t bytes = strlen(name);
	int plain, padded;
	demo_say(narrator, "An address whose path begins with a NUL byte names no file.");
	demo_show(narrator, "bind \"\\0%s\", length 2 + 1 + %zu", name, bytes);
	int said = try_bind(&address, name_it(&address, name, bytes), &plain);
	demo_claim(narrator, said == 0, "bind() takes it: %s", demo_errno(said));
	socklen_t length = sizeof(got);
	getsockname(plain, (struct sockaddr *)&got, &length);
	size_t path = length - offsetof(struct sockaddr_un, sun_path);
	demo_claim(narrator, path == bytes + 1 && got.sun_path[0] == '\0',
		   "getsockname() gives %zu bytes back, the first of them 0x%02x", path,
		   (unsigned char)got.sun_path[0]);

	demo_say(narrator,
		 "The length is part of the name: with one more NUL at the end it is another.");
	said = try_bind(&address, name_it(&address, name, bytes + 1), &padded);
	demo_claim(narrator, said == 0, "both can be bound at the same time: bind: %s",
		   demo_errno(said));
	demo_say(narrator,
		 "(The usual mistake: sizeof(struct sockaddr_un) makes a name full of NULs.)");
	close(padded);
	close(plain);
}

static void its_life(struct narrator *narrator, const char *name)
{
	struct sockaddr_un address;
	int first, second;
	socklen_t length = name_it(&address, name, strlen(name));
	demo_say(narrator,
		 "There is nothing to remove: the name lives exactly as long as its socket.");
	int said = try_bind(&address, length, &first);
	if (!demo_claim(narrator, said == 0, "once that is closed, the name is free: bind: %s",
			demo_errno(said))) {
		close(first);
		return;
	}
	int again = dup(first);
	close(first);
	demo_show(narrator, "dup() makes a second descriptor of the socket; the first is closed");
	said = try_bind(&address, length, &second);
	demo_claim(narrator, said == EADDRINUSE,
		   "the name is held while one descriptor is open: bind: %s", demo_errno(said));
	close(second);
	close(again);
	said = try_bind(&address, length, &second);
	demo_claim(narrator, said == 0, "and gone with the last: bind: %s", demo_errno(said));
	close(second);
	demo_say(narrator, "There is no file, and so no mode: whoever knows the name may connect.");
}

void demo_abstract(struct narrator *narrator)
{
	char name[64];
	snprintf(name, sizeof(name), "sockfam-demo.%ld.%lld", (long)getpid(),
		 (long long)clock_now());
	its_length(narrator, name);
	its_life(narrator, name);
}
