#include "commands/activation.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static long read_positive(const char *name)
{
	const char *text = getenv(name);
	char *end;
	if (!text || !*text || !strchr("0123456789", *text))
		return 0;
	long number = strtol(text, &end, 10);
	return *end ? 0 : number;
}

int activation_listen_fds(void)
{
	long pid = read_positive("LISTEN_PID");
	long count = read_positive("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (pid != (long)getpid() || count > sysconf(_SC_OPEN_MAX))
		return 0;
	return (int)count;
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
		return error_set(error, STATUS_USAGE,
				 "NOTIFY_SOCKET %s: no address that it may have", path);
	memcpy(address.sun_path, path, length);
	if (*path == '@')
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd == -1)
		return error_system(error, STATUS_SYSTEM, errno, "NOTIFY_SOCKET");
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
