#include "demos/apart.h"

#include "base/clock.h"
#include "demos/patience.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST (3 * NSEC_PER_SEC)
#define ENOUGH NSEC_PER_SEC /* what takes longer is at fault, not the time that was left for it */
#define TEXT 1024
#define DESCRIPTORS 64 /* as far as open ones are looked for */
#define NEEDED 4 /* descriptors, for a server, a client and a few more; else EMFILE skips a part */
#define DONE 255 /* the kind of the last record, which says what patience is left */

/* What goes through the pipe: shorter than PIPE_BUF, so that it is written whole. */
struct record {
	unsigned char kind;
	char text[TEXT]; /* with its NUL, after which the record ends */
};

static void write_record(int fd, unsigned kind, const char *text)
{
	struct record record = { .kind = (unsigned char)kind };
	snprintf(record.text, sizeof(record.text), "%s", text);
	/* if nobody reads any more, the work is ended in order all the same */
	ssize_t written = write(fd, &record, 1 + strlen(record.text) + 1);
	(void)written;
}

static void send_line(void *context, enum demo_line line, const char *text)
{
	write_record(*(const int *)context, line, text);
}

static int count_open(void)
{
	int count = 0;
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

/* The rest of this process's life. */
static void be_apart(void (*work)(struct narrator *narrator), int to)
{
	static const int signals[] = { SIGCHLD, SIGALRM, SIGUSR1, SIGTERM };
	struct narrator narrator = { .print = send_line, .context = &to };
	char text[96];
	sigset_t none;
	setpgid(0, 0);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(umask(0) & ~(mode_t)S_IRWXU);
	alarm((unsigned)(MOST / NSEC_PER_SEC) + 1); /* it ends even if nobody is left to end it */
	int before = count_open(), left_open = 0;
	long most = sysconf(_SC_OPEN_MAX);
	if (most != -1 && most - before < NEEDED) {
		snprintf(text, sizeof(text), "too few descriptors: %d of %ld are taken (ulimit -n)",
			 before, most);
		narrator_tell(&narrator, DEMO_SKIPS, text);
	} else {
		work(&narrator);
		left_open = count_open() - before;
	}
	if (left_open > 0) {
		snprintf(text, sizeof(text), "every descriptor is closed again: %d not", left_open);
		narrator_tell(&narrator, DEMO_FAILS, text);
	}
	snprintf(text, sizeof(text), "%d", patience_left());
	write_record(to, DONE, text);
	exit(EXIT_SUCCESS);
}

/* The records in BYTES, of which there are LENGTH; what is left of them, the start of one more. */
static size_t take_records(struct narrator *narrator, char *bytes, size_t length, bool *done)
{
	size_t used = 0;
	const char *end;
	while (!*done && used < length &&
	       (end = memchr(bytes + used + 1, '\0', length - used - 1)) != NULL) {
		unsigned kind = (unsigned char)bytes[used];
		*done = kind == DONE;
		if (*done)
			patience_set(atoi(bytes + used + 1));
		else
			narrator_tell(narrator, (enum demo_line)kind, bytes + used + 1);
		used = (size_t)(end + 1 - bytes);
	}
	memmove(bytes, bytes + used, length - used);
	return length - used;
}

/* Tells what comes until the work is done (true), its process has died, or its time is over. */
static bool listen_to(int from, struct narrator *narrator, int64_t until, bool *late)
{
	char bytes[8 * sizeof(struct record)];
	size_t length = 0;
	bool done = false;
	while (!done) {
		struct pollfd coming = { .fd = from, .events = POLLIN };
		int64_t left = until - clock_now();
		int ready = poll(&coming, 1, left > 0 ? (int)(left / NSEC_PER_MSEC) + 1 : 0);
		*late = ready == 0;
		if (*late)
			break;
		ssize_t got = ready == -1 ? -1 : read(from, bytes + length, sizeof(bytes) - length);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length = take_records(narrator, bytes, length + (size_t)got, &done);
	}
	return done;
}

/* How long it may take: not all that is left of the whole run; 0 or less: that is over. */
static int64_t limit(const struct narrator *narrator)
{
	int64_t part = narrator->until ? (narrator->until - clock_now()) / 4 * 3 : MOST;
	return part > MOST ? MOST : part;
}

static void watch(int from, pid_t child, int64_t most, struct narrator *narrator)
{
	char text[96];
	int status = 0;
	bool late;
	bool done = listen_to(from, narrator, clock_now() + most, &late);
	if (late)
		kill(-child, SIGKILL);
	while (waitpid(child, &status, 0) == -1 && errno == EINTR)
		continue;
	kill(-child, SIGKILL); /* what it may have left running */
	if (late)
		snprintf(text, sizeof(text), "did not end within %.3g s%s",
			 (double)most / NSEC_PER_SEC,
			 most < ENOUGH ? ", all that was left for it" : "");
	else if (!done || !WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS)
		snprintf(text, sizeof(text), "its process ends in order: %s %d",
			 WIFSIGNALED(status) ? "signal" : "status",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	else
		return;
	narrator_tell(narrator, late && most < ENOUGH ? DEMO_SKIPS : DEMO_FAILS, text);
}

void apart_run(void (*work)(struct narrator *narrator), struct narrator *narrator)
{
	char text[128];
	int ends[2] = { -1, -1 };
	const int64_t most = limit(narrator);
	if (most <= 0) {
		narrator_tell(narrator, DEMO_SKIPS, "the time for all of them is over");
		return;
	}
	signal(SIGCHLD, SIG_DFL); /* if it were ignored, waitpid(2) would have nothing to tell */
	pid_t child = pipe(ends) == -1 ? -1 : fork();
	if (child == 0) {
		close(ends[0]);
		be_apart(work, ends[1]);
	}
	if (child == -1) {
		snprintf(text, sizeof(text), "no process can be had for it: %s", strerror(errno));
		narrator_tell(narrator, DEMO_SKIPS, text);
	} else {
		setpgid(child, child); /* whichever of the two comes first */
	}
	if (ends[1] != -1)
		close(ends[1]);
	if (child != -1)
		watch(ends[0], child, most, narrator);
	if (ends[0] != -1)
		close(ends[0]);
}
