/*
 * A shared library for LD_PRELOAD. It makes one thing do nothing and yet report success, to see
 * that the demonstrations notice, and that they come to an end. SABOTAGE in the environment names
 * the thing: an option below, which setsockopt() then does not set, or
 *
 *     send sendto sendmsg   this call, and with "send" all three, sends nothing
 *     empty                 send() of no bytes sends nothing
 *     rights claimed        sendmsg() leaves out SCM_RIGHTS, SCM_CREDENTIALS
 *     source                sendmsg() leaves out IP_PKTINFO, IPV6_PKTINFO and IPV6_HOPLIMIT
 *     urgent                send() takes no notice of MSG_OOB
 *     peek                  recv() takes no notice of MSG_PEEK
 *     truncated             recvmsg() does not say MSG_TRUNC
 *     shutdown              shutdown() does not shut down
 *     backlog               listen() always gets 128
 *     nonblock              O_NONBLOCK and SOCK_NONBLOCK are not set
 *     chmod unlink rename   neither does anything
 *     relay                 what is sent is turned round where it is longer than a byte
 *     leak                  the first descriptor that is closed stays open
 *     hang                  accept() waits for ever
 *
 * Only tests/sabotage.bats builds it and uses it.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name;
	int level, option;
} options[] = {
	{ "reuseaddr", SOL_SOCKET, SO_REUSEADDR },
	{ "reuseport", SOL_SOCKET, SO_REUSEPORT },
	{ "oobinline", SOL_SOCKET, SO_OOBINLINE },
	{ "passcred", SOL_SOCKET, SO_PASSCRED },
	{ "broadcast", SOL_SOCKET, SO_BROADCAST },
	{ "linger", SOL_SOCKET, SO_LINGER },
	{ "rcvbuf", SOL_SOCKET, SO_RCVBUF },
	{ "sndbuf", SOL_SOCKET, SO_SNDBUF },
	{ "rcvtimeo", SOL_SOCKET, SO_RCVTIMEO },
	{ "keepalive", SOL_SOCKET, SO_KEEPALIVE },
	{ "nodelay", IPPROTO_TCP, TCP_NODELAY },
	{ "defer", IPPROTO_TCP, TCP_DEFER_ACCEPT },
	{ "pktinfo", IPPROTO_IP, IP_PKTINFO },
	{ "join", IPPROTO_IP, IP_ADD_MEMBERSHIP },
	{ "leave", IPPROTO_IP, IP_DROP_MEMBERSHIP },
	{ "multicast_all", IPPROTO_IP, IP_MULTICAST_ALL },
	{ "multicast_loop", IPPROTO_IP, IP_MULTICAST_LOOP },
	{ "v6only", IPPROTO_IPV6, IPV6_V6ONLY },
	{ "join6", IPPROTO_IPV6, IPV6_JOIN_GROUP },
	{ "multicast_all6", IPPROTO_IPV6, IPV6_MULTICAST_ALL },
	{ "pktinfo6", IPPROTO_IPV6, IPV6_RECVPKTINFO },
	{ "hoplimit", IPPROTO_IPV6, IPV6_RECVHOPLIMIT },
	{ "hops", IPPROTO_IPV6, IPV6_UNICAST_HOPS },
};

static bool sabotaged(const char *name)
{
	const char *chosen = getenv("SABOTAGE");
	return chosen && strcmp(chosen, name) == 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (level == options[i].level && option == options[i].option &&
		    sabotaged(options[i].name))
			return 0;
	return REAL(setsockopt)(fd, level, option, value, length);
}

int shutdown(int fd, int how)
{
	return sabotaged("shutdown") ? 0 : REAL(shutdown)(fd, how);
}

int listen(int fd, int backlog)
{
	return REAL(listen)(fd, sabotaged("backlog") ? 128 : backlog);
}

int accept(int fd, struct sockaddr *address, socklen_t *length)
{
	while (sabotaged("hang"))
		pause();
	return REAL(accept)(fd, address, length);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
	unsigned char turned[65536];
	if (sabotaged("send") || (sabotaged("empty") && length == 0))
		return (ssize_t)length;
	if (sabotaged("urgent"))
		flags &= ~MSG_OOB;
	if (sabotaged("relay") && length > 1 && length <= sizeof(turned)) {
		for (size_t i = 0; i < length; i++)
			turned[i] = ((const unsigned char *)bytes)[length - 1 - i];
		bytes = turned;
	}
	return REAL(send)(fd, bytes, length, flags);
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *address,
	       socklen_t size)
{
	if (sabotaged("send") || sabotaged("sendto"))
		return (ssize_t)length;
	return REAL(sendto)(fd, bytes, length, flags, address, size);
}

static bool left_out(const struct cmsghdr *control)
{
	if (!control)
		return false;
	if (control->cmsg_level == SOL_SOCKET)
		return (control->cmsg_type == SCM_RIGHTS && sabotaged("rights")) ||
		       (control->cmsg_type == SCM_CREDENTIALS && sabotaged("claimed"));
	return sabotaged("source");
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct msghdr bare = *message;
	bare.msg_control = NULL;
	bare.msg_controllen = 0;
	if (sabotaged("send") || sabotaged("sendmsg"))
		return (ssize_t)message->msg_iov->iov_len;
	return REAL(sendmsg)(fd, left_out(CMSG_FIRSTHDR(message)) ? &bare : message, flags);
}

ssize_t recv(int fd, void *bytes, size_t length, int flags)
{
	return REAL(recv)(fd, bytes, length, sabotaged("peek") ? flags & ~MSG_PEEK : flags);
}

/* What recv() is where the C library checks the room that there is. */
ssize_t __recv_chk(int fd, void *bytes, size_t length, size_t room, int flags);
ssize_t __recv_chk(int fd, void *bytes, size_t length, size_t room, int flags)
{
	if (length > room)
		abort();
	return recv(fd, bytes, length, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	ssize_t count = REAL(recvmsg)(fd, message, flags);
	if (sabotaged("truncated"))
		message->msg_flags &= ~MSG_TRUNC;
	return count;
}

int socket(int domain, int type, int protocol)
{
	return REAL(socket)(domain, sabotaged("nonblock") ? type & ~SOCK_NONBLOCK : type, protocol);
}

int fcntl(int fd, int command, ...)
{
	va_list arguments;
	va_start(arguments, command);
	long argument = va_arg(arguments, long);
	va_end(arguments);
	if (command == F_SETFL && sabotaged("nonblock"))
		argument &= ~(long)O_NONBLOCK;
	return REAL(fcntl)(fd, command, argument);
}

int chmod(const char *path, mode_t mode)
{
	return sabotaged("chmod") ? 0 : REAL(chmod)(path, mode);
}

int unlink(const char *path)
{
	return sabotaged("unlink") ? 0 : REAL(unlink)(path);
}

int rename(const char *from, const char *to)
{
	return sabotaged("rename") ? 0 : REAL(rename)(from, to);
}

int close(int fd)
{
	static bool leaked;
	struct stat status;
	/* a socket, and not the pipe that the demonstration tells its story through */
	if (sabotaged("leak") && !leaked && fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode)) {
		leaked = true;
		return 0;
	}
	return REAL(close)(fd);
}
