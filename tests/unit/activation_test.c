#include "commands/activation.h"

#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * What LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES come to, and that they are gone then, whatever that
 * is: a program started from here, or a second look, must not take the sockets for its own.
 */

static const char *const variables[] = { "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES" };
enum { VARIABLES = sizeof(variables) / sizeof(*variables) };

/* As a program that is started from here would find them. */
static bool are_gone(void)
{
	for (int i = 0; i < VARIABLES; i++)
		if (getenv(variables[i]))
			return false;
	return true;
}

static void look(const char *what, const char *pid, const char *fds, int wanted)
{
	struct error error = { .status = STATUS_OK };
	const char *const values[] = { pid, fds, "a:b" };
	for (int i = 0; i < VARIABLES; i++) {
		unsetenv(variables[i]);
		if (values[i])
			setenv(variables[i], values[i], 1);
	}
	int count = activation_listen_fds(&error);
	check(count == wanted, "%s: %d, and it is %d", what, wanted, count);
	check(wanted != -1 || error.status == STATUS_USAGE, "%s: the status fits", what);
	check(are_gone(), "%s: the variables are gone", what);
	check(activation_listen_fds(&error) == 0, "%s: a second look finds nothing", what);
}

int main(void)
{
	char own[24], parent[24];
	/* descriptors as systemd passes them: 3, 4 */
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return 1;
	int first = fcntl(pair[0], F_DUPFD, 10), second = fcntl(pair[1], F_DUPFD, 10);
	dup2(first, ACTIVATION_FIRST);
	dup2(second, ACTIVATION_FIRST + 1);
	snprintf(own, sizeof(own), "%ld", (long)getpid());
	snprintf(parent, sizeof(parent), "%ld", (long)getppid());
	look("two for us", own, "2", 2);
	look("for another process", parent, "2", 0);
	look("no process", NULL, "2", 0);
	look("no number", own, NULL, 0);
	look("a process that is none", "me", "2", -1);
	look("a number that is none", own, "two", -1);
	look("more than there are", own, "200", -1);
	return check_done();
}
