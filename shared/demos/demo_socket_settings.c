#include "base/clock.h"
#include "demos/lane.h"
#include "demos/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static void try_options(const struct lane *lane, int fd, struct narrator *narrator)
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
static void try_timeout(const struct lane *lane, int fd, struct narrator *narrator)
{
	struct timeval wanted = { .tv_usec = 40000 }, got = { 0 };
	socklen_t length = sizeof(got);
	char byte;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wanted, sizeof(wanted));
	getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &got, &length);
	int64_t start = clock_now();
	/* without a limit it would wait for ever */
	bool limited = got.tv_sec == 0 && got.tv_usec > 0;
	int number = limited && recv(fd, &byte, 1, 0) == -1 ? errno : 0;
	int64_t waited = (clock_now() - start) / NSEC_PER_MSEC;
	demo_claim(narrator,
		   limited && got.tv_usec >= 30000 && got.tv_usec <= 60000 && number == EAGAIN &&
			   waited >= 30 && waited < 900,
		   "%s: SO_RCVTIMEO 40 ms, read back %ld; recv() gave up after %" PRId64 " ms, %s",
		   lane->name, (long)got.tv_usec / 1000, waited, demo_errno(number));
	lane_limit(fd);
}

static void try_nonblocking(const struct lane *lane, int fd, struct narrator *narrator)
{
	char byte;
	int before = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, before | O_NONBLOCK);
	int during = fcntl(fd, F_GETFL);
	int64_t start = clock_now();
	int number = recv(fd, &byte, 1, 0) == -1 ? errno : 0;
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
static void try_stdio(const struct lane *lane, const struct lane_pair *pair,
		      struct narrator *narrator)
{
	char line[64] = "";
	int in = dup(pair->receiver), out = dup(pair->sender);
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
		lane_close(in);
	if (writer)
		fclose(writer);
	else
		lane_close(out);
}

static void try_descriptor(const struct lane *lane, const struct lane_pair *pair,
			   struct narrator *narrator)
{
	struct stat status = { 0 };
	char byte = 0;
	fstat(pair->sender, &status);
	/* as with any descriptor: write(2) and read(2) are send() and recv() without flags */
	ssize_t written = write(pair->sender, "x", 1), got = read(pair->receiver, &byte, 1);
	demo_claim(narrator, S_ISSOCK(status.st_mode) && written == 1 && got == 1 && byte == 'x',
		   "%s: descriptor %d is a file of type socket: write() = %zd, read() = %zd",
		   lane->name, pair->sender, written, got);
}

static void try_lane(const struct lane *lane, struct narrator *narrator)
{
	struct lane_pair pair;
	if (!lane_pair_open(&pair, lane, narrator))
		return;
	try_descriptor(lane, &pair, narrator);
	try_options(lane, pair.sender, narrator);
	try_timeout(lane, pair.receiver, narrator);
	try_nonblocking(lane, pair.receiver, narrator);
	try_stdio(lane, &pair, narrator);
	lane_pair_close(&pair, lane);
}

static void run(struct narrator *narrator)
{
	struct lanes lanes;
	demo_say(narrator,
		 "A socket is a descriptor: a small number, of which the kernel knows the rest.");
	demo_say(narrator,
		 "Options are set by setsockopt() and read back by getsockopt(); whether its");
	demo_say(narrator,
		 "calls wait is a flag of the descriptor; and stdio can read and write it.");
	if (!lanes_open(&lanes, LANES_STREAM, narrator))
		return;
	for (size_t i = 0; i < lanes.count; i++)
		try_lane(&lanes.items[i], narrator);
	lanes_close(&lanes);
	demo_say(narrator,
		 "A limit on waiting and not waiting at all end with the same EAGAIN: \"nothing");
	demo_say(narrator, "yet, ask again\". The connection is as good as before.");
}

const struct demo demo_socket_settings = {
	.name = "socket-settings",
	.summary = "options, time-outs, blocking or not, stdio on a socket",
	.run = run,
};
