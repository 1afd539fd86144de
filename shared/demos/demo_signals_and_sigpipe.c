#include "demos/demos.h"

#include "demos/lane.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child process ends with this to say that it saw the errno it was to see. */
#define SAW_IT 42

static bool broken(void *fd)
{
	/* On TCP the first send() still goes out; the RST that answers it is what tells. */
	return send(*(int *)fd, "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE;
}

/* send() into a broken connection, by a process that may die of it: its waitpid(2) status. */
static int send_as_child(int fd, void (*disposition)(int), int flags)
{
	int status = -1;
	pid_t child = fork();
	if (child == 0) {
		signal(SIGPIPE, disposition);
		_exit(send(fd, "x", 1, flags) == -1 && errno == EPIPE ? SAW_IT : 1);
	}
	if (child > 0)
		status = demo_ended(child);
	return status;
}

static const char *ending(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGPIPE ? "killed by SIGPIPE" : "killed";
	return WEXITSTATUS(status) == SAW_IT ? "send() = -1, EPIPE" : "send() worked";
}

static void try_sigpipe(struct narrator *narrator, const struct demo_lane *lane,
			struct demo_pair *pair)
{
	close(pair->server);
	pair->server = -1;
	bool gone = demo_eventually(broken, &pair->client);
	int number = errno;
	if (!demo_claim(narrator, gone, "%s: the peer is gone, and send() says so: %s", lane->name,
			demo_errno(number)))
		return;
	int careless = send_as_child(pair->client, SIG_DFL, 0);
	int flagged = send_as_child(pair->client, SIG_DFL, MSG_NOSIGNAL);
	int ignoring = send_as_child(pair->client, SIG_IGN, 0);
	/* POSIX has the signal for seqpacket too; Linux sends it for streams alone */
	if (lane->socktype == SOCK_STREAM)
		demo_claim(narrator, WIFSIGNALED(careless) && WTERMSIG(careless) == SIGPIPE,
			   "%s: a process that takes no care: %s", lane->name, ending(careless));
	else
		demo_show(narrator, "%s: a process that takes no care: %s", lane->name,
			  ending(careless));
	demo_claim(narrator, WIFEXITED(flagged) && WEXITSTATUS(flagged) == SAW_IT,
		   "%s: with MSG_NOSIGNAL: %s", lane->name, ending(flagged));
	demo_claim(narrator, WIFEXITED(ignoring) && WEXITSTATUS(ignoring) == SAW_IT,
		   "%s: with SIGPIPE ignored: %s", lane->name, ending(ignoring));
}

static int answer_to; /* in the child alone: where its handler says that it ran */

static void on_signal(int number)
{
	int before = errno;
	(void)number;
	send(answer_to, "!", 1, MSG_NOSIGNAL);
	errno = before;
}

/* The child: recv(2) for something that does not come, with a handler for SIGUSR1. */
static void wait_as_child(int fd, int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };
	struct timeval none = { 0 };
	char byte;
	answer_to = fd;
	alarm(5); /* it ends even if nobody is left to end it */
	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	/* a call with a time-out is never restarted (Linux, signal(7)) */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
	send(fd, "!", 1, MSG_NOSIGNAL); /* the handler is in place */
	_exit(recv(fd, &byte, 1, 0) == -1 && errno == EINTR ? SAW_IT : 0);
}

/*
 * Signals the child every millisecond, for the first ones may come before its recv(2), until it
 * ends or has had ENOUGH of them; then lets its recv(2) succeed.
 */
static int interrupt(const struct demo_pair *pair, int flags, int enough, int *handled)
{
	int status = -1;
	char byte;
	*handled = 0;
	pid_t child = fork();
	if (child == 0)
		wait_as_child(pair->server, flags);
	if (child == -1)
		return -1;
	bool ready = demo_receive(pair->client, &byte, 1, 0) == 1;
	for (int i = 0; ready && i < 1000 && *handled < enough; i++) {
		kill(child, SIGUSR1);
		poll(NULL, 0, 1);
		*handled += recv(pair->client, &byte, 1, MSG_DONTWAIT) == 1;
		if (waitpid(child, &status, WNOHANG) == child)
			return status;
	}
	send(pair->client, "x", 1, MSG_NOSIGNAL);
	return demo_ended(child);
}

static void try_interruption(struct narrator *narrator, int flags)
{
	struct demo_pair pair;
	if (!demo_pair_unix(narrator, SOCK_STREAM, &pair))
		return;
	int handled, status = interrupt(&pair, flags, flags & SA_RESTART ? 10 : 1000, &handled);
	bool saw_it = WIFEXITED(status) && WEXITSTATUS(status) == SAW_IT;
	const char *seen = saw_it ? "= -1, EINTR" : "goes on, and has its byte";
	if (flags & SA_RESTART)
		demo_claim(narrator, WIFEXITED(status) && WEXITSTATUS(status) == 0 && handled == 10,
			   "a handler with SA_RESTART ran, %d times: recv() %s", handled, seen);
	else
		demo_claim(narrator, saw_it, "a handler without it ran: recv() %s", seen);
	demo_pair_close(&pair);
}

void demo_signals_and_sigpipe(struct narrator *narrator)
{
	demo_say(narrator,
		 "Sending to a peer that is gone fails with EPIPE. By default the sender also gets "
		 "the signal SIGPIPE, which kills it, so child processes try it here.");
	if (!demo_each_pair(narrator, KIND_STREAM | KIND_SEQPACKET, try_sigpipe))
		return;
	demo_say(narrator,
		 "A filter like `yes | head` wants to end that way; a server with other clients "
		 "does not. Any signal with a handler can interrupt a call that waits:");
	try_interruption(narrator, SA_RESTART);
	try_interruption(narrator, 0);
	demo_say(narrator, "EINTR is no failure of the connection: the call is simply made again.");
}
