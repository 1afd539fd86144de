/* SO_REUSEPORT is not in POSIX.1-2008; that connections are spread is Linux's (socket(7)). */
#define _GNU_SOURCE

#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 64 };

static int second_listener(struct narrator *narrator, int reuse, const struct sockaddr_in *address,
			   int *error)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	*error = 0;
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	if (demo_must(narrator, setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &reuse, sizeof(reuse)),
		      "SO_REUSEPORT") &&
	    bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 &&
	    listen(fd, CLIENTS) == 0)
		return fd;
	*error = errno;
	close(fd);
	return -1;
}

/* Takes what waits in the queue; returns whether there was something. */
static int take(int listener)
{
	int fd = demo_ready(listener) ? accept(listener, NULL, NULL) : -1;
	demo_close(fd);
	return fd != -1;
}

static void deal_out(struct narrator *narrator, int first, int second,
		     const struct sockaddr_in *address)
{
	int made = 0, to_first = 0, to_second = 0;
	/* each is taken at once: a queue may be short, by net.core.somaxconn */
	for (int i = 0; i < CLIENTS && made == i; i++) {
		int client = demo_call(SOCK_STREAM, address, sizeof(*address));
		made += client != -1 && demo_either_readable(first, second);
		to_first += take(first);
		to_second += take(second);
		demo_close(client);
	}
	demo_claim(narrator, made == CLIENTS && to_first + to_second == made,
		   "%d clients connect, each to one of the two: %d + %d", made, to_first,
		   to_second);
	demo_claim(narrator, to_first > 0 && to_second > 0,
		   "both get some, by a hash of addresses and ports: %d and %d", to_first,
		   to_second);
	demo_say(narrator, "So each thread or process of a server can have a queue of its own. But "
			   "closing a listener resets what waits in its queue, although the other "
			   "one could have taken it.");
}

static void story(struct narrator *narrator, int first, const struct sockaddr_in *address)
{
	int error;
	demo_say(narrator, "One socket listens, with SO_REUSEPORT set before its bind(). Another "
			   "wants the same port.");
	if (!demo_must(narrator, listen(first, CLIENTS), "listen"))
		return;
	int second = second_listener(narrator, 0, address, &error);
	demo_claim(narrator, second == -1 && error == EADDRINUSE,
		   "without the option its bind() fails: %s", demo_errno(error));
	demo_close(second);
	second = second_listener(narrator, 1, address, &error);
	if (demo_claim(narrator, second != -1, "with it, and for the same user, it listens too: %s",
		       demo_errno(error)))
		deal_out(narrator, first, second, address);
	demo_close(second);
}

void demo_inet_reuseport(struct narrator *narrator)
{
	struct sockaddr_in address = demo_loopback();
	if (!demo_inet_here(narrator))
		return;
	int on = 1, first = socket(AF_INET, SOCK_STREAM, 0);
	if (!demo_must(narrator, first, "socket"))
		return;
	if (demo_must(narrator, setsockopt(first, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)),
		      "SO_REUSEPORT") &&
	    demo_bind(narrator, first, &address, sizeof(address)))
		story(narrator, first, &address);
	close(first);
}
