#include "commands/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Large enough for nearly all that a command prints: so it is written by us, and errno is known. */
#define OUTPUT (256 << 10)

static bool pipe_kills; /* as the program was started */
static int trouble;     /* errno of the first write that failed */

int standard_hold(struct error *error)
{
	static char buffer[OUTPUT];
	struct sigaction action;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		/* the wrong way round, for reading from 0 and writing to the others are to fail */
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == -1)
			return error_system(error, STATUS_SYSTEM, errno, "/dev/null");
	}
	pipe_kills = sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	return 0;
}

int standard_check(struct error *error)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY)
		return 0;
	return error_system(error, STATUS_OUTPUT, EBADF, "standard output");
}

bool standard_push(void)
{
	errno = 0;
	if (!trouble && (fflush(stdout) != 0 || ferror(stdout)))
		trouble = errno ? errno : EIO;
	return !trouble;
}

int standard_flush(struct error *error)
{
	if (standard_push())
		return 0;
	return error_system(error, STATUS_OUTPUT, trouble, "standard output");
}

int standard_write(const void *bytes, size_t length, struct error *error)
{
	const char *rest = bytes;
	standard_push();
	while (length > 0 && !trouble) {
		ssize_t written = write(STDOUT_FILENO, rest, length);
		if (written == -1 && errno == EAGAIN) /* it was given to us so */
			poll(&(struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT }, 1, -1);
		else if (written == -1 && errno != EINTR)
			trouble = errno;
		rest += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
	return standard_flush(error);
}

void standard_end_by_pipe(void)
{
	sigset_t pipe;
	if (trouble != EPIPE || !pipe_kills)
		return;
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &pipe, NULL);
	raise(SIGPIPE);
}
