#include "commands/activation.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A variable's value as a number; -1 where it is none. */
static long read_number(const char *text)
{
	char *end;
	errno = 0;
	long number = strtol(text, &end, 10);
	return errno || end == text || *end || !strchr("0123456789", *text) ? -1 : number;
}

static int refuse(const char *name, const char *value, const char *why, struct error *error)
{
	return error_set(error, STATUS_USAGE, "%s=%s: %s", name, value, why);
}

static int read_passed(const char *pid, const char *count, struct error *error)
{
	long most = sysconf(_SC_OPEN_MAX);
	if (!pid || !count)
		return 0;
	if (read_number(pid) < 1)
		return refuse("LISTEN_PID", pid, "not the number of a process", error);
	if (read_number(pid) != (long)getpid())
		return 0; /* it is for another process, which left it in its children's environment */
	long number = read_number(count);
	if (number < 1 || (most > 0 && number > most - ACTIVATION_FIRST))
		return refuse("LISTEN_FDS", count, "not a number of descriptors", error);
	for (int fd = ACTIVATION_FIRST; fd < ACTIVATION_FIRST + (int)number; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			return error_system(error, STATUS_USAGE, errno,
					    "descriptor %d, of LISTEN_FDS=%s", fd, count);
	return (int)number;
}

int activation_listen_fds(struct error *error)
{
	int count = read_passed(getenv("LISTEN_PID"), getenv("LISTEN_FDS"), error);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return count;
}

int activation_inetd(struct error *error)
{
	int kind;
	socklen_t length = sizeof(kind);
	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &kind, &length) == -1)
		return error_system(error, STATUS_USAGE, errno, "--inetd: standard input");
	int fd = fcntl(STDIN_FILENO, F_DUPFD, 3);
	int null = open("/dev/null", O_RDWR);
	if (fd == -1 || null == -1)
		return error_system(error, STATUS_SYSTEM, errno, "--inetd");
	for (int i = 0; i <= 2; i++)
		if (dup2(null, i) == -1)
			return error_system(error, STATUS_SYSTEM, errno, "--inetd");
	if (null > 2)
		close(null);
	return fd;
}

bool activation_speaks_to_peer(void)
{
	struct stat in, err;
	return fstat(STDIN_FILENO, &in) == 0 && fstat(STDERR_FILENO, &err) == 0 &&
	       in.st_dev == err.st_dev && in.st_ino == err.st_ino;
}

int activation_check_ready_fd(int fd, struct error *error)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY)
		return 0;
	return error_set(error, STATUS_USAGE, "--ready-fd %d: not open for writing (%d>FILE)", fd,
			 fd);
}

int activation_ready_fd(int fd, struct error *error)
{
	ssize_t written;
	do
		written = write(fd, "\n", 1);
	while (written == -1 && errno == EINTR);
	if (written != 1 || close(fd) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "--ready-fd %d", fd);
	return 0;
}

int activation_notify(const char *state, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	if (!path || !*path)
		return 0;
	size_t length = strlen(path);
	if ((*path != '/' && *path != '@') || length >= sizeof(address.sun_path))
		return error_set(
			error, STATUS_USAGE,
			"NOTIFY_SOCKET %.200s: neither an absolute path that fits nor @name", path);
	memcpy(address.sun_path, path, length);
	if (*path == '@')
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1) {
		int number = errno;
		if (fd != -1)
			close(fd);
		return error_system(error, STATUS_SYSTEM, number, "NOTIFY_SOCKET");
	}
	socklen_t size =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (*path == '/'));
	ssize_t sent =
		sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, size);
	int number = errno;
	close(fd);
	if (sent == -1)
		return error_system(error, STATUS_SYSTEM, number, "NOTIFY_SOCKET %s", path);
	return 0;
}
