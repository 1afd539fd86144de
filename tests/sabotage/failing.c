/*
 * A shared library for LD_PRELOAD. It makes calls fail, those that are defined at its end.
 *
 * FAILING="CALL NUMBER ERRNO" in the environment names a call, which one of them in each process
 * (0: each one), and errno(3)'s number for it.
 *
 * While the program runs, its current folder says more. Where there is a file count.CALL, that grows
 * by a byte with each call. While there is a symbolic link fail.CALL, the call fails, and the link
 * leads to ERRNO, or to ERRNO+GOOD: the first GOOD of those that are counted do not fail. This takes
 * no descriptor and no memory, which may be what is short.
 *
 * What belongs together goes by one name: recvmmsg() by recvmsg, sendmmsg() by sendmsg, calloc() and
 * realloc() by malloc. The call urandom is to open /dev/urandom; where it fails, that gives zeros.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_planned(const char *call, int *why)
{
	static atomic_int calls;
	const char *plan = getenv("FAILING");
	char name[32];
	int number;
	return plan && sscanf(plan, "%31s %d %d", name, &number, why) == 3 &&
	       strcmp(name, call) == 0 &&
	       (number == 0 || atomic_fetch_add(&calls, 1) + 1 == number);
}

static bool is_told(const char *call, int *why)
{
	char path[64], target[32] = "";
	struct stat counted = { .st_size = 0 };
	long good = 0;
	snprintf(path, sizeof(path), "count.%s", call);
	if (stat(path, &counted) == 0 && truncate(path, counted.st_size + 1) == -1)
		abort();
	snprintf(path, sizeof(path), "fail.%s", call);
	return readlink(path, target, sizeof(target) - 1) > 0 &&
	       sscanf(target, "%d+%ld", why, &good) >= 1 && counted.st_size >= good;
}

/* If it is to fail, errno says why, else that is untouched. */
static bool fails(const char *call)
{
	int before = errno, why;
	bool chosen = is_planned(call, &why) || is_told(call, &why);
	errno = chosen ? why : before;
	return chosen;
}

#define FAILING_AS(call, type, name, parameters, arguments) \
	type name parameters \
	{ \
		type(*real) parameters = dlsym(RTLD_NEXT, #name); \
		return fails(call) ? (type)-1 : real arguments; \
	}

#define FAILING(type, name, parameters, arguments) \
	FAILING_AS(#name, type, name, parameters, arguments)

FAILING(int, shutdown, (int fd, int how), (fd, how))
FAILING(int, getsockname, (int fd, struct sockaddr *restrict address, socklen_t *restrict length),
	(fd, address, length))
FAILING(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t length),
	(fd, level, option, value, length))
FAILING(int, listen, (int fd, int backlog), (fd, backlog))
FAILING(int, accept, (int fd, struct sockaddr *restrict peer, socklen_t *restrict length),
	(fd, peer, length))
FAILING(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event),
	(epoll, operation, fd, event))
FAILING(ssize_t, send, (int fd, const void *bytes, size_t length, int flags),
	(fd, bytes, length, flags))
FAILING(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
FAILING(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags))
FAILING_AS("sendmsg", int, sendmmsg, (int fd, struct mmsghdr *messages, unsigned count, int flags),
	   (fd, messages, count, flags))
FAILING_AS("recvmsg", int, recvmmsg,
	   (int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout),
	   (fd, messages, count, flags, timeout))

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
	va_list arguments;
	va_start(arguments, flags);
	mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (strcmp(path, "/dev/urandom") == 0 && fails("urandom"))
		path = "/dev/zero";
	return real(path, flags, mode);
}

/* glibc's own names: dlsym(3), asked for the real ones, would call malloc() itself. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
	return fails("malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	return fails("malloc") ? NULL : __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size)
{
	return fails("malloc") ? NULL : __libc_realloc(memory, size);
}
