/* How many a backlog holds, and that a unix connect() says EAGAIN beyond, is Linux's, unix(7). */
#define _GNU_SOURCE

#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <unistd.h>

#define BACKLOG 2
#define MOST (BACKLOG + 8)
#define SOMAXCONN_FILE "/proc/sys/net/core/somaxconn"

/* Connects without waiting until one is refused; returns how many are in the queue. */
static int queue_up(const struct demo_scene *scene, int *clients, int *said)
{
	struct sockaddr_un address;
	socklen_t length = demo_scene_address(scene, "server", &address);
	int queued = 0;
	for (*said = 0; queued < MOST; queued++) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (fd == -1 || demo_nonblock(fd) == -1 ||
		    connect(fd, (struct sockaddr *)&address, length) == -1) {
			*said = errno;
			demo_close(fd);
			break;
		}
		clients[queued] = fd;
	}
	return queued;
}

static void close_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		close(fds[i]);
}

/* Was there a descriptor for each client? If not, which SAID tells, the rest is skipped. */
static bool has_descriptors(struct narrator *narrator, int said)
{
	errno = said;
	return said != EMFILE || demo_must(narrator, -1, "socket");
}

static void queue(struct narrator *narrator, const struct demo_scene *scene, int server,
		  int backlog)
{
	int clients[MOST], said, more[MOST], added = 0;
	demo_say(narrator, "listen(fd, %d), and nobody calls accept(). Clients connect:", backlog);
	int queued = queue_up(scene, clients, &said);
	for (int i = 0; i < queued; i++)
		demo_show(narrator, "client %d: connect: 0 (no error), it waits in the queue",
			  i + 1);
	demo_show(narrator, "client %d: connect: %s", queued + 1, demo_errno(said));
	if (!has_descriptors(narrator, said)) {
		close_all(clients, queued);
		return;
	}
	demo_claim(narrator, queued == backlog + 1,
		   "a backlog of %d holds one more than it says: %d connections", backlog, queued);
	demo_claim(narrator, said == EAGAIN,
		   "the next one is not refused but told to try again: %s", demo_errno(said));
	demo_say(narrator,
		 "Those in the queue are connected already, and may send before the accept().");
	int accepted = demo_accept(server);
	if (demo_must(narrator, accepted, "accept")) {
		close(accepted);
		added = queue_up(scene, more, &said);
		if (has_descriptors(narrator, said))
			demo_claim(narrator, added == 1, "accept() frees one place: %d more got in",
				   added);
	}
	demo_say(narrator, "A blocking connect() would wait for a place. TCP differs: there the "
			   "SYN is dropped and sent again, until the client gives up (ETIMEDOUT).");
	close_all(clients, queued);
	close_all(more, added);
}

void demo_backlog(struct narrator *narrator)
{
	struct demo_scene scene;
	if (!demo_scene_open(narrator, &scene))
		return;
	int server = demo_scene_bind(narrator, &scene, "server", SOCK_STREAM);
	if (server != -1) {
		long most = demo_number(SOMAXCONN_FILE);
		int backlog = most >= 0 && most < BACKLOG ? (int)most : BACKLOG;
		if (demo_must(narrator, listen(server, backlog), "listen"))
			queue(narrator, &scene, server, backlog);
		close(server);
	}
}
