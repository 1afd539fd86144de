#include "server/background.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct background {
	struct server *server;
	pthread_t thread;
	int stop[2]; /* closing the write end makes the read end readable: that stops it */
	int hurry[2];
	struct server_totals totals;
};

static void *run(void *argument)
{
	struct background *background = argument;
	server_run(background->server, &background->totals);
	return NULL;
}

static int open_pipe(int ends[2])
{
	if (pipe(ends) == -1)
		return -1;
	return fcntl(ends[0], F_SETFD, FD_CLOEXEC) == -1 ||
			       fcntl(ends[1], F_SETFD, FD_CLOEXEC) == -1
		       ? -1
		       : 0;
}

static void close_all(struct background *background)
{
	int ends[] = { background->stop[0], background->stop[1], background->hurry[0],
		       background->hurry[1] };
	for (int i = 0; i < 4; i++)
		if (ends[i] != -1)
			close(ends[i]);
	server_free(background->server);
	free(background);
}

/* All that serving needs is made here, so that a client never waits for a server that is not there. */
static int prepare(struct background *background, struct error *error)
{
	if (open_pipe(background->stop) == -1 || open_pipe(background->hurry) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "server");
	const struct signals signals = { .stop = background->stop[0],
					 .end = -1,
					 .hurry = background->hurry[0] };
	if (server_prepare(background->server, &signals, error) == -1)
		return -1;
	int number = pthread_create(&background->thread, NULL, run, background);
	if (number != 0)
		return error_system(error, STATUS_SYSTEM, number, "server");
	return 0;
}

struct background *background_start(struct server *server, struct error *error)
{
	struct background *background = calloc(1, sizeof(*background));
	if (!background) {
		error_system(error, STATUS_SYSTEM, errno, "server");
		server_free(server);
		return NULL;
	}
	background->server = server;
	background->stop[0] = background->stop[1] = background->hurry[0] = background->hurry[1] =
		-1;
	if (prepare(background, error) == 0)
		return background;
	close_all(background);
	return NULL;
}

void background_stop(struct background *background, struct server_totals *totals)
{
	close(background->stop[1]);
	background->stop[1] = -1;
	pthread_join(background->thread, NULL);
	*totals = background->totals;
	close_all(background);
}
