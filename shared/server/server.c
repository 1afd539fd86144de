#include "server/server.h"

#include "base/clock.h"
#include "net/sock.h"
#include "server/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct server *server_new(const struct server_options *options, struct error *error)
{
	struct server *server = calloc(1, sizeof(*server));
	if (!server) {
		error_system(error, STATUS_SYSTEM, errno, "server");
		return NULL;
	}
	server->options = options;
	server->single = -1;
	return server;
}

static void close_listener(struct listener *listener)
{
	if (listener->fd == -1)
		return;
	/* the name goes first: who still finds it is refused, not left waiting */
	family_release(listener->endpoint.family, listener->claim);
	listener->claim = NULL;
	close(listener->fd);
	listener->fd = -1;
}

void listener_leave(struct listener *listener)
{
	if (atomic_fetch_sub(&listener->users, 1) == 1)
		close_listener(listener);
}

void server_free(struct server *server)
{
	for (size_t i = 0; i < server->count; i++)
		close_listener(&server->listeners[i]);
	if (server->single != -1)
		close(server->single);
	free(server->listeners);
	free(server);
}

static int add_listener(struct server *server, int fd, const struct endpoint *endpoint,
			struct claim *claim, struct error *error)
{
	struct listener *listeners =
		realloc(server->listeners, (server->count + 1) * sizeof(*listeners));
	if (!listeners)
		return error_system(error, STATUS_SYSTEM, errno, "listeners");
	server->listeners = listeners;
	listeners[server->count++] =
		(struct listener){ .fd = fd, .endpoint = *endpoint, .claim = claim };
	return 0;
}

int server_listen(struct server *server, struct endpoint *endpoint, struct error *error)
{
	struct claim *claim;
	int fd = sock_listen(endpoint, &server->options->listening, &claim, error);
	if (fd == -1)
		return -1;
	if (add_listener(server, fd, endpoint, claim, error) == 0)
		return 0;
	family_release(endpoint->family, claim);
	close(fd);
	return -1;
}

int server_adopt(struct server *server, int fd, struct endpoint *endpoint, bool *listens,
		 struct error *error)
{
	int accepts = 0;
	socklen_t length = sizeof(accepts);
	*listens = true;
	if (endpoint_of_socket(fd, endpoint, error) == -1 || sock_adopt(fd, endpoint, error) == -1)
		return -1;
	if (endpoint->kind->connected) {
		if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &length) == -1)
			return error_system(error, STATUS_SYSTEM, errno, "descriptor %d", fd);
		if (!accepts) {
			if (server->single != -1)
				return error_set(
					error, STATUS_USAGE,
					"descriptor %d: a second connection to serve alone", fd);
			*listens = false;
			server->single = fd;
			server->single_endpoint = *endpoint;
			return 0;
		}
	} else if (endpoint->family->ask && endpoint->family->ask(fd, endpoint, error) == -1) {
		return -1;
	}
	return add_listener(server, fd, endpoint, NULL, error);
}

static void *work(void *worker)
{
	worker_run(worker);
	return NULL;
}

int server_run(struct server *server, int stop, int hurry, struct server_totals *totals,
	       struct error *error)
{
	unsigned count = server->options->workers;
	struct worker **workers = calloc(count, sizeof(*workers));
	pthread_t *threads = calloc(count, sizeof(*threads));
	unsigned made = 0, started = 1;
	int result = 0;
	if (!workers || !threads)
		result = error_system(error, STATUS_SYSTEM, errno, "workers");
	for (size_t i = 0; i < server->count; i++)
		atomic_store(&server->listeners[i].users, count);
	for (; result == 0 && made < count; made++) {
		workers[made] = worker_new(server, stop, hurry, error);
		if (!workers[made])
			result = -1;
	}
	/* the first one works in this thread */
	for (; result == 0 && started < count; started++) {
		int number = pthread_create(&threads[started], NULL, work, workers[started]);
		if (number != 0)
			result = error_system(error, STATUS_SYSTEM, number, "pthread_create");
	}
	if (result == 0)
		worker_run(workers[0]);
	*totals = (struct server_totals){ 0 };
	for (unsigned i = 0; result == 0 && i < count; i++) {
		if (i > 0)
			pthread_join(threads[i], NULL);
		totals->connections += workers[i]->totals.connections;
		totals->messages += workers[i]->totals.messages;
		totals->bytes += workers[i]->totals.bytes;
	}
	for (unsigned i = 0; result == 0 && i < made; i++)
		worker_free(workers[i]);
	free(workers);
	free(threads);
	return result;
}
