#include "base/clock.h"
#include "net/sock.h"
#include "server/worker.h"

#include <errno.h>

/* So many are accepted in one go, then those that were accepted before get their turn. */
#define BATCH 64

/* Where peers must prove themselves, those that are here get to it before too many others come. */
#define PROVING_BATCH 1

/* Without a free descriptor accept(2) fails at once, again and again: look again after so long. */
#define RETRY (100 * NSEC_PER_MSEC)

static bool full(const struct server *server)
{
	return atomic_load(&server->open) >= server->options->max_connections;
}

static bool accept_one(struct acceptor *acceptor)
{
	struct worker *worker = acceptor->worker;
	struct sockaddr_storage peer = { 0 };
	socklen_t length;
	if (full(worker->server)) {
		acceptors_pause(worker, clock_now() + RETRY);
		return false;
	}
	int fd = sock_accept(acceptor->watch.fd, &acceptor->listener->endpoint, &peer, &length);
	if (fd == -1) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			acceptors_pause(worker, clock_now() + RETRY);
		/* else none is there, or it was gone before we came (ECONNABORTED and its like) */
		return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
	}
	connection_start(worker, &acceptor->listener->endpoint, fd, &peer, length);
	return true;
}

static bool on_ready(struct watch *watch, unsigned events)
{
	struct acceptor *acceptor = (struct acceptor *)watch; /* its first member */
	int count = 0;
	(void)events;
	const struct conversation_plan *plan = &acceptor->worker->server->options->plan;
	int most = plan->keys ? PROVING_BATCH : BATCH;
	while (count < most && accept_one(acceptor))
		count++;
	return count > 0;
}

int acceptor_start(struct acceptor *acceptor, struct worker *worker, struct listener *listener)
{
	*acceptor = (struct acceptor){ .watch = { .fd = listener->fd, .ready = on_ready },
				       .worker = worker,
				       .listener = listener };
	return loop_add(worker->loop, &acceptor->watch, LOOP_READ);
}

void acceptor_stop(struct acceptor *acceptor)
{
	/* closing would reset those whose handshake is complete, and they may have sent already */
	for (int i = 0; i < SOMAXCONN && accept_one(acceptor); i++)
		;
	loop_remove(acceptor->worker->loop, &acceptor->watch);
	listener_leave(acceptor->listener);
}

void acceptors_pause(struct worker *worker, int64_t until)
{
	worker->resume = until;
	for (size_t i = 0; i < worker->acceptor_count; i++)
		loop_want(worker->loop, &worker->acceptors[i].watch, 0);
}

void acceptors_resume(struct worker *worker)
{
	if (worker->resume == NEVER)
		return;
	worker->resume = NEVER;
	for (size_t i = 0; i < worker->acceptor_count; i++)
		if (loop_want(worker->loop, &worker->acceptors[i].watch, LOOP_READ) == -1)
			worker->resume = clock_now() + RETRY;
}
