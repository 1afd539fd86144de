/*
 * A shared library for LD_PRELOAD. It makes one thing do nothing and yet report success, to see
 * that the demonstrations notice. SABOTAGE in the environment names the thing:
 *
 *     reuseaddr v6only oobinline nodelay passcred    setsockopt() does not set this option
 *     shutdown                                       shutdown() does not shut down
 *     rights                                         sendmsg() leaves out SCM_RIGHTS
 *     backlog                                        listen() always gets 128
 *
 * Only tests/sabotage.bats builds it and uses it.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct {
	const char *name;
	int level, option;
} options[] = {
	{ "reuseaddr", SOL_SOCKET, SO_REUSEADDR }, { "v6only", IPPROTO_IPV6, IPV6_V6ONLY },
	{ "oobinline", SOL_SOCKET, SO_OOBINLINE }, { "nodelay", IPPROTO_TCP, TCP_NODELAY },
	{ "passcred", SOL_SOCKET, SO_PASSCRED },
};

static bool sabotaged(const char *name)
{
	const char *chosen = getenv("SABOTAGE");
	return chosen && strcmp(chosen, name) == 0;
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	int (*real)(int, int, int, const void *, socklen_t) = dlsym(RTLD_NEXT, "setsockopt");
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (level == options[i].level && option == options[i].option &&
		    sabotaged(options[i].name))
			return 0;
	return real(fd, level, option, value, length);
}

int shutdown(int fd, int how)
{
	int (*real)(int, int) = dlsym(RTLD_NEXT, "shutdown");
	return sabotaged("shutdown") ? 0 : real(fd, how);
}

int listen(int fd, int backlog)
{
	int (*real)(int, int) = dlsym(RTLD_NEXT, "listen");
	return real(fd, sabotaged("backlog") ? 128 : backlog);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int) = dlsym(RTLD_NEXT, "sendmsg");
	const struct cmsghdr *control = CMSG_FIRSTHDR(message);
	struct msghdr bare = *message;
	bare.msg_control = NULL;
	bare.msg_controllen = 0;
	bool strip = sabotaged("rights") && control && control->cmsg_level == SOL_SOCKET &&
		     control->cmsg_type == SCM_RIGHTS;
	return real(fd, strip ? &bare : message, flags);
}
