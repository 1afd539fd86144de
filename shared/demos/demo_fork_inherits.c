#include "demos/demos.h"

#include "demos/lane.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define SERVERS 2

/* What a child does: it serves one client, and tells it which process this is. */
static void serve_one(int listener)
{
	pid_t self = getpid();
	int client = demo_accept(listener);
	send(client, &self, sizeof(self), MSG_NOSIGNAL);
	close(client);
	_exit(0);
}

/* Which process answers a client that connects; 0 if none does, with errno. */
static pid_t visit(const struct demo_lane *lane, const struct demo_place *at)
{
	pid_t who = 0;
	int fd = demo_call(lane->socktype, &at->address, at->length);
	if (fd == -1)
		return 0;
	if (demo_receive(fd, &who, sizeof(who), 0) != (ssize_t)sizeof(who))
		who = 0;
	int number = errno;
	close(fd);
	errno = number;
	return who;
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane)
{
	pid_t servers[SERVERS], answers[SERVERS] = { 0 };
	int listener = demo_lane_bound(narrator, lane);
	if (listener == -1)
		return;
	if (!demo_must(narrator, listen(listener, SERVERS), "listen")) {
		close(listener);
		return;
	}
	struct demo_place at = demo_place(listener);
	for (int i = 0; i < SERVERS; i++) {
		servers[i] = fork();
		if (servers[i] == 0)
			serve_one(listener);
		demo_must(narrator, servers[i], "fork");
	}

	/* The parent's descriptor goes; the socket stays, for the children have it too. */
	close(listener);
	for (int i = 0; i < SERVERS; i++)
		answers[i] = visit(lane, &at);
	for (int i = 0; i < SERVERS; i++) {
		if (servers[i] == -1)
			continue;
		if (answers[0] != servers[i] && answers[1] != servers[i])
			kill(servers[i], SIGKILL);
		demo_ended(servers[i]);
	}
	errno = 0;
	pid_t late = visit(lane, &at);
	int number = errno;

	bool each = (answers[0] == servers[0] && answers[1] == servers[1]) ||
		    (answers[0] == servers[1] && answers[1] == servers[0]);
	demo_claim(narrator, each, "%s: children %ld and %ld served one client each: %ld, %ld",
		   lane->name, (long)servers[0], (long)servers[1], (long)answers[0],
		   (long)answers[1]);
	demo_claim(narrator, late == 0 && number == ECONNREFUSED,
		   "%s: both have ended, and so has the socket: %s", lane->name,
		   demo_errno(number));
	demo_lane_end(lane);
}

void demo_fork_inherits(struct narrator *narrator)
{
	demo_say(narrator,
		 "A process makes a listening socket and then two children with fork(). Each "
		 "inherits the descriptor: three descriptors, one socket, one queue of clients.");
	demo_show(narrator, "parent  fd 3 --x closes it");
	demo_show(narrator, "child   fd 3 ---+--> socket, its queue: client, client");
	demo_show(narrator, "child   fd 3 ---+");
	if (!demo_each_lane(narrator, KIND_STREAM | KIND_SEQPACKET, try_lane))
		return;
	demo_say(narrator,
		 "This is how servers share work among processes: close() in one does not end the "
		 "socket of the others. It ends when its last descriptor is closed; then its name, "
		 "a port or a path that is still there, refuses clients.");
}
