#include "server/server.h"

#include "net/sock.h"
#include "server/listener.h"
#include "server/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* The first worker works in the thread that runs the server, each other one in its own. */
struct crew_member {
	struct server *server;
	struct worker *worker;
	pthread_t thread;
};

struct server {
	const struct server_options *options;
	struct listener *listeners;
	size_t count;
	int single; /* a connection that is the whole service, with its endpoint; or -1 */
	struct endpoint single_endpoint;
	struct server_counts counts;

	struct crew_member *crew;
	unsigned made, started; /* workers, and those of them that have a thread */

	/* What the threads wait for until the server runs, or is freed. */
	pthread_mutex_t mutex;
	pthread_cond_t decided;
	enum { WAITING, RUNNING, DISMISSED } state;
};

struct server *server_new(const struct server_options *options, struct error *error)
{
	struct server *server = calloc(1, sizeof(*server));
	if (!server) {
		error_system(error, STATUS_SYSTEM, errno, "server");
		return NULL;
	}
	server->options = options;
	server->single = -1;
	door_init(&server->counts.door);
	pthread_mutex_init(&server->mutex, NULL);
	pthread_cond_init(&server->decided, NULL);
	return server;
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

static int adopt_connection(struct server *server, int fd, const struct endpoint *endpoint,
			    struct error *error)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	if (getpeername(fd, (struct sockaddr *)&peer, &length) == -1)
		return error_set(error, STATUS_CANNOT_LISTEN,
				 "descriptor %d: a socket that neither listens nor is connected",
				 fd);
	if (server->single != -1)
		return error_set(error, STATUS_USAGE,
				 "descriptor %d: a second connection to serve alone", fd);
	server->single = fd;
	server->single_endpoint = *endpoint;
	return 0;
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
		*listens = accepts;
		if (!accepts)
			return adopt_connection(server, fd, endpoint, error);
	} else if (endpoint->family->ask && endpoint->family->ask(fd, endpoint, error) == -1) {
		return -1;
	}
	return add_listener(server, fd, endpoint, NULL, error);
}

static void *work(void *argument)
{
	struct crew_member *member = argument;
	struct server *server = member->server;
	pthread_mutex_lock(&server->mutex);
	while (server->state == WAITING)
		pthread_cond_wait(&server->decided, &server->mutex);
	bool dismissed = server->state == DISMISSED;
	pthread_mutex_unlock(&server->mutex);
	if (!dismissed)
		worker_run(member->worker);
	return NULL;
}

int server_prepare(struct server *server, const struct signals *signals, struct error *error)
{
	unsigned count = server->options->workers;
	struct worker_plan plan = { .options = server->options,
				    .counts = &server->counts,
				    .listeners = server->listeners,
				    .listener_count = server->count,
				    .signals = signals,
				    .datagrams = true };
	server->crew = calloc(count, sizeof(*server->crew));
	if (!server->crew)
		return error_system(error, STATUS_SYSTEM, errno, "workers");
	for (size_t i = 0; i < server->count; i++)
		atomic_store(&server->listeners[i].users, count);
	for (; server->made < count; server->made++) {
		struct crew_member *member = &server->crew[server->made];
		member->server = server;
		member->worker = worker_new(&plan, error);
		if (!member->worker)
			return -1;
		/* what befalls a datagram depends on those before it: one worker sees all */
		plan.datagrams = server->options->misbehave.faults == 0;
	}
	int single = server->single;
	server->single = -1;
	if (single != -1 &&
	    worker_take(server->crew[0].worker, &server->single_endpoint, single, error) == -1)
		return -1;
	for (server->started = 1; server->started < count; server->started++) {
		struct crew_member *member = &server->crew[server->started];
		int number = pthread_create(&member->thread, NULL, work, member);
		if (number != 0)
			return error_system(error, STATUS_SYSTEM, number, "pthread_create");
	}
	return 0;
}

static void decide(struct server *server, int state)
{
	pthread_mutex_lock(&server->mutex);
	server->state = state;
	pthread_cond_broadcast(&server->decided);
	pthread_mutex_unlock(&server->mutex);
}

static void join_all(struct server *server)
{
	for (; server->started > 1; server->started--)
		pthread_join(server->crew[server->started - 1].thread, NULL);
}

void server_run(struct server *server, struct server_totals *totals)
{
	decide(server, RUNNING);
	worker_run(server->crew[0].worker);
	join_all(server);
	*totals = (struct server_totals){ 0 };
	for (unsigned i = 0; i < server->made; i++) {
		const struct server_totals *each = worker_totals(server->crew[i].worker);
		totals->connections += each->connections;
		totals->messages += each->messages;
		totals->bytes += each->bytes;
		for (int fault = 0; fault < FAULTS; fault++)
			totals->faults[fault] += each->faults[fault];
	}
}

void server_free(struct server *server)
{
	decide(server, DISMISSED); /* nobody waits for it any more if the server has run */
	join_all(server);
	for (unsigned i = 0; i < server->made; i++)
		worker_free(server->crew[i].worker);
	for (size_t i = 0; i < server->count; i++)
		listener_close(&server->listeners[i]);
	if (server->single != -1)
		close(server->single);
	pthread_cond_destroy(&server->decided);
	pthread_mutex_destroy(&server->mutex);
	door_destroy(&server->counts.door);
	free(server->crew);
	free(server->listeners);
	free(server);
}
