/*
 * A shared library for LD_PRELOAD. It makes a call fail: FAILING="CALL NUMBER ERRNO" in the
 * environment names the call, which one of them in each process (0: each one), and errno(3)'s
 * number for it.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static bool fails(const char *call)
{
	static atomic_int calls;
	const char *plan = getenv("FAILING");
	char name[32];
	int number, why;
	if (!plan || sscanf(plan, "%31s %d %d", name, &number, &why) != 3 ||
	    strcmp(name, call) != 0)
		return false;
	if (number != 0 && atomic_fetch_add(&calls, 1) + 1 != number)
		return false;
	errno = why;
	return true;
}

#define FAILING(type, name, parameters, arguments) \
	type name parameters \
	{ \
		type(*real) parameters = dlsym(RTLD_NEXT, #name); \
		return fails(#name) ? (type)-1 : real arguments; \
	}

FAILING(int, shutdown, (int fd, int how), (fd, how))
FAILING(int, getsockname, (int fd, struct sockaddr *restrict address, socklen_t *restrict length),
	(fd, address, length))
FAILING(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t length),
	(fd, level, option, value, length))
FAILING(int, listen, (int fd, int backlog), (fd, backlog))
