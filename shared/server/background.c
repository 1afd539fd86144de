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
	struct error error;
	int result;
};

static void *run(void *argument)
{
	struct background *background = argument;
	background->result =
		server_run(background->server, background->stop[0], background->hurry[0],
			   &background->totals, &background->error);
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
	int number = 0;
	if (open_pipe(background->stop) == -1 || open_pipe(background->hurry) == -1)
		number = errno;
	else
		number = pthread_create(&background->thread, NULL, run, background);
	if (number != 0) {
		error_system(error, STATUS_SYSTEM, number, "server");
		close_all(background);
		return NULL;
	}
	return background;
}

int background_stop(struct background *background, struct server_totals *totals,
		    struct error *error)
{
	close(background->stop[1]);
	background->stop[1] = -1;
	pthread_join(background->thread, NULL);
	int result = background->result;
	*totals = background->totals;
	if (result == -1)
		*error = background->error;
	close_all(background);
	return result;
}
