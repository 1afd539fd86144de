#include "base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

/* Of stop, end and hurry; -1: there is none. So many of them are readable. */
static int write_ends[3];
static volatile sig_atomic_t seen;

/* A byte, or where that fails the end of the pipe, which makes it readable too. */
static bool make_readable(int write_end)
{
	return write_end == -1 || write(write_end, "", 1) == 1 || close(write_end) == 0;
}

static void on_signal(int number)
{
	int saved = errno;
	/* the first one ends it too, but for a SIGTERM where there is a grace */
	bool gently = seen == 0 && number == SIGTERM && write_ends[1] != -1;
	int reach = seen > 0 || gently ? seen + 1 : 2;
	while (seen < 3 && seen < reach && make_readable(write_ends[seen]))
		seen++;
	errno = saved;
}

static int make_pipe(int *read_end, int *write_end)
{
	int ends[2];
	if (pipe(ends) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) == -1)
			return -1;
	*read_end = ends[0];
	*write_end = ends[1];
	return 0;
}

static int install(struct signals *signals, bool graceful, struct error *error)
{
	signals->end = write_ends[1] = -1;
	if (make_pipe(&signals->stop, &write_ends[0]) == -1 ||
	    (graceful && make_pipe(&signals->end, &write_ends[1]) == -1) ||
	    make_pipe(&signals->hurry, &write_ends[2]) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "pipe");

	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	sigemptyset(&action.sa_mask);
	/* neither signal may interrupt the other: they share a counter */
	sigaddset(&action.sa_mask, SIGINT);
	sigaddset(&action.sa_mask, SIGTERM);
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigemptyset(&ignore.sa_mask);
	if (sigaction(SIGINT, &action, NULL) == -1 || sigaction(SIGTERM, &action, NULL) == -1 ||
	    sigaction(SIGPIPE, &ignore, NULL) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "sigaction");
	return 0;
}

int signals_catch(struct signals *signals, struct error *error)
{
	return install(signals, false, error);
}

int signals_catch_graceful(struct signals *signals, struct error *error)
{
	return install(signals, true, error);
}
