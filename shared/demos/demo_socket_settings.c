#include "demos/demos.h"

#include "base/clock.h"
#include "demos/lane.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static void try_options(struct narrator *narrator, const struct demo_lane *lane, int fd)
{
	int before = -1, after = -1, on = 1;
	socklen_t length = sizeof(before);
	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &before, &length);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &after, &length);
	demo_claim(narrator, before == 0 && after != 0,
		   "%s: setsockopt(SO_KEEPALIVE, 1); getsockopt() before and after: %d, %d",
		   lane->name, before, after);
}

/* The kernel counts in ticks of its own, so what is read back, and waited, may be a little off. */
static void try_timeout(struct narrator *narrator, const struct demo_lane *lane, int fd)
{
	struct timeval wanted = { .tv_usec = 40000 }, got = { 0 };
	socklen_t length = sizeof(got);
	char byte;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wanted, sizeof(wanted));
	getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &got, &length);
	int64_t start = clock_now();
	/* without a limit it would wait for ever */
	bool limited = got.tv_sec == 0 && got.tv_usec > 0;
	int number = limited ? demo_error(recv(fd, &byte, 1, 0)) : 0;
	int64_t waited = (clock_now() - start) / NSEC_PER_MSEC;
	demo_claim(narrator,
		   limited && got.tv_usec >= 30000 && got.tv_usec <= 60000 && number == EAGAIN &&
			   waited >= 30 && waited < 900,
		   "%s: SO_RCVTIMEO 40 ms, read back %ld; recv() gave up after %" PRId64 " ms, %s",
		   lane->name, (long)got.tv_usec / 1000, waited, demo_errno(number));
	demo_limit(fd);
}

static void try_nonblocking(struct narrator *narrator, const struct demo_lane *lane, int fd)
{
	char byte;
	int before = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, before | O_NONBLOCK);
	int during = fcntl(fd, F_GETFL);
	int64_t start = clock_now();
	int number = during & O_NONBLOCK ? demo_error(recv(fd, &byte, 1, 0)) : 0;
	int64_t waited = clock_now() - start;
	fcntl(fd, F_SETFL, before);
	int after = fcntl(fd, F_GETFL);
	demo_claim(narrator,
		   !(before & O_NONBLOCK) && during & O_NONBLOCK && !(after & O_NONBLOCK) &&
			   number == EAGAIN && waited < NSEC_PER_SEC / 2,
		   "%s: O_NONBLOCK %d, %d, %d by fcntl(); while it is 1, recv(): %s", lane->name,
		   !!(before & O_NONBLOCK), !!(during & O_NONBLOCK), !!(after & O_NONBLOCK),
		   demo_errno(number));
}

/* A stdio stream closes its descriptor; so each has one of its own, by dup(2). */
static void try_stdio(struct narrator *narrator, const struct demo_lane *lane,
		      const struct demo_pair *pair)
{
	char line[64] = "";
	int in = dup(pair->server), out = dup(pair->client);
	FILE *reader = in == -1 ? NULL : fdopen(in, "r");
	FILE *writer = out == -1 ? NULL : fdopen(out, "w");
	if (reader && writer) {
		fprintf(writer, "%s %d\n", "forty", 2);
		fflush(writer);
		if (!fgets(line, sizeof(line), reader))
			line[0] = '\0';
		line[strcspn(line, "\n")] = '\0';
	}
	demo_claim(narrator, strcmp(line, "forty 2") == 0,
		   "%s: fdopen(): fprintf() here, fgets() there: \"%s\"", lane->name, line);
	if (reader)
		fclose(reader);
	else
		demo_close(in);
	if (writer)
		fclose(writer);
	else
		demo_close(out);
}

static void try_descriptor(struct narrator *narrator, const struct demo_lane *lane,
			   const struct demo_pair *pair)
{
	struct stat status = { 0 };
	char byte = 0;
	fstat(pair->client, &status);
	/* as with any descriptor: write(2) and read(2) are send() and recv() without flags */
	ssize_t written = write(pair->client, "x", 1), got = read(pair->server, &byte, 1);
	demo_claim(narrator, S_ISSOCK(status.st_mode) && written == 1 && got == 1 && byte == 'x',
		   "%s: descriptor %d is a file of type socket: write() = %zd, read() = %zd",
		   lane->name, pair->client, written, got);
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane,
		     struct demo_pair *pair)
{
	try_descriptor(narrator, lane, pair);
	try_options(narrator, lane, pair->client);
	try_timeout(narrator, lane, pair->server);
	try_nonblocking(narrator, lane, pair->server);
	try_stdio(narrator, lane, pair);
}

void demo_socket_settings(struct narrator *narrator)
{
	demo_say(narrator,
		 "A socket is a descriptor: a small number; the kernel knows the rest. Options are "
		 "set by setsockopt() and read back by getsockopt(). Whether its calls wait is a "
		 "flag of the descriptor, and stdio can read and write it.");
	if (!demo_each_pair(narrator, KIND_STREAM, try_lane))
		return;
	demo_say(narrator, "When a limit on waiting runs out, and when there is no waiting at all, "
			   "the error is the same EAGAIN: \"nothing yet, ask again\". The "
			   "connection is as good as before.");
}
