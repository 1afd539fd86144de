#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* What remains of a server that is gone. */
static void leftover(struct narrator *narrator, const struct demo_scene *scene)
{
	struct sockaddr_un name;
	socklen_t length = demo_scene_address(scene, "name", &name);
	int server = demo_scene_bind(narrator, scene, "name", SOCK_STREAM);
	if (server == -1)
		return;
	demo_must(narrator, listen(server, 8), "listen");
	demo_say(narrator,
		 "A server binds a path, listens, and dies without unlink(), as from kill -9.");
	close(server);
	demo_claim(narrator, access(name.sun_path, F_OK) == 0, "its file is still there: %s",
		   name.sun_path);
	int said = demo_scene_knock(scene, "name", SOCK_STREAM);
	demo_claim(narrator, said == ECONNREFUSED, "but a client finds nobody there: connect: %s",
		   demo_errno(said));
	int next = socket(AF_UNIX, SOCK_STREAM, 0);
	said = demo_error(bind(next, (struct sockaddr *)&name, length));
	demo_claim(narrator, said == EADDRINUSE, "the next server cannot have the name: bind: %s",
		   demo_errno(said));
	demo_say(narrator, "SO_REUSEADDR does not help here: the file must go first.");
	unlink(name.sun_path);
	said = demo_error(bind(next, (struct sockaddr *)&name, length));
	demo_claim(narrator, said == 0, "unlink() solves it: bind: %s", demo_errno(said));
	close(next);
}

/* Looking and removing are two steps, and two servers can be between them at once. */
static void race(struct narrator *narrator, const struct demo_scene *scene)
{
	demo_say(narrator,
		 "Simply removing what is there goes wrong when two servers start at once:");
	demo_show(narrator, "A: connect? refused, stale");
	demo_show(narrator, "                               B: connect? refused, stale");
	demo_show(narrator, "A: unlink, bind, listen");
	demo_show(narrator, "                               B: unlink (A's file), bind, listen");
	struct sockaddr_un name;
	demo_scene_address(scene, "name", &name);
	int stale_for_a = demo_scene_knock(scene, "name", SOCK_STREAM);
	int stale_for_b = demo_scene_knock(scene, "name", SOCK_STREAM);
	unlink(name.sun_path);
	int a = demo_scene_bind(narrator, scene, "name", SOCK_STREAM);
	int a_listens = listen(a, 8);
	unlink(name.sun_path);
	int b = demo_scene_bind(narrator, scene, "name", SOCK_STREAM);
	int b_listens = listen(b, 8);
	demo_claim(narrator,
		   stale_for_a == ECONNREFUSED && stale_for_b == ECONNREFUSED && a_listens == 0 &&
			   b_listens == 0,
		   "no call failed, so both believe that they serve: listen: A %d, B %d", a_listens,
		   b_listens);
	demo_scene_knock(scene, "name", SOCK_STREAM);
	struct pollfd clients[] = { { .fd = a, .events = POLLIN }, { .fd = b, .events = POLLIN } };
	demo_either_readable(a, b);
	poll(clients, 2, 0);
	demo_claim(narrator, !clients[0].revents && clients[1].revents,
		   "a client reaches B alone; waiting clients: A %d, B %d", clients[0].revents != 0,
		   clients[1].revents != 0);
	demo_say(
		narrator,
		"So a server first locks a file beside it, and keeps the lock as long as the name. "
		"Whoever holds the lock may look, remove and bind; a lock dies with its process.");
	close(a);
	close(b);
}

void demo_stale_file(struct narrator *narrator)
{
	struct demo_scene scene;
	if (!demo_scene_open(narrator, &scene))
		return;
	leftover(narrator, &scene);
	race(narrator, &scene);
}
