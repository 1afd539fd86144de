#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <unistd.h>

struct type {
	const char *name;
	int number;
};

void demo_types(struct narrator *narrator)
{
	static const struct type types[] = { { "stream", SOCK_STREAM },
					     { "dgram", SOCK_DGRAM },
					     { "seqpacket", SOCK_SEQPACKET } };
	struct demo_scene scene;
	struct sockaddr_un taken;
	if (!demo_scene_open(narrator, &scene))
		return;
	demo_say(narrator, "A path belongs to one socket, and a socket has one type, so a client "
			   "of another type gets an error. The ports of TCP and UDP, by contrast, "
			   "are apart from each other.");
	for (int i = 0; i < 3; i++) {
		int server = demo_scene_bind(narrator, &scene, types[i].name, types[i].number);
		if (server == -1)
			break;
		if (types[i].number != SOCK_DGRAM)
			demo_must(narrator, listen(server, 8), "listen");
		for (int j = 0; j < 3; j++) {
			int said = demo_scene_knock(&scene, types[i].name, types[j].number);
			demo_claim(narrator, said == (i == j ? 0 : EPROTOTYPE),
				   "a %s socket %s a %s one: connect: %s", types[j].name,
				   i == j ? "reaches" : "does not reach", types[i].name,
				   demo_errno(said));
		}
		close(server);
	}
	socklen_t length = demo_scene_address(&scene, "stream", &taken);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	int said = demo_error(bind(fd, (struct sockaddr *)&taken, length));
	demo_claim(narrator, said == EADDRINUSE,
		   "a dgram socket cannot take the path of a stream one either: bind: %s",
		   demo_errno(said));
	close(fd);
}
