#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Does a word still go from one to the other? */
static bool goes(int from, int to, const char *word)
{
	char text[16] = "";
	send(from, word, strlen(word), MSG_NOSIGNAL);
	recv(to, text, sizeof(text) - 1, MSG_DONTWAIT);
	return strcmp(text, word) == 0;
}

static void move(struct narrator *narrator, const struct demo_scene *scene, int listener,
		 int client, int server)
{
	struct sockaddr_un old, new, told = { 0 };
	socklen_t length = sizeof(told);
	demo_scene_address(scene, "old", &old);
	demo_scene_address(scene, "new", &new);
	demo_say(narrator, "A client is connected to \"old\". The file is renamed:");
	demo_show(narrator, "old  --rename()-->  new");
	if (!demo_must(narrator, rename(old.sun_path, new.sun_path), "rename"))
		return;
	bool still = goes(client, server, "hello");
	demo_claim(narrator, still, "the connection goes on: the word %s",
		   still ? "arrived" : "did not arrive");
	int said = demo_scene_knock(scene, "old", SOCK_STREAM);
	demo_claim(narrator, said == ENOENT, "nobody is at \"old\" any more: connect: %s",
		   demo_errno(said));
	said = demo_scene_knock(scene, "new", SOCK_STREAM);
	int accepted = demo_accept(listener);
	demo_claim(narrator, said == 0 && accepted != -1,
		   "a client of \"new\" reaches the same listener: connect: %s", demo_errno(said));
	close(accepted);
	getsockname(listener, (struct sockaddr *)&told, &length);
	demo_claim(narrator, strcmp(told.sun_path, old.sun_path) == 0,
		   "the socket itself still says what it was bound to: ...%s",
		   strrchr(told.sun_path, '/') ? strrchr(told.sun_path, '/') : "");

	demo_say(narrator, "Now the file is removed:");
	unlink(new.sun_path);
	still = goes(server, client, "bye");
	demo_claim(narrator, still, "the connection still goes on: the word %s",
		   still ? "arrived" : "did not arrive");
	said = demo_scene_knock(scene, "new", SOCK_STREAM);
	demo_claim(narrator, said == ENOENT, "but nobody can find the listener: connect: %s",
		   demo_errno(said));
	demo_say(narrator, "The file is a way to the socket, looked up once, by connect(). So a "
			   "server can bind to a temporary name, listen, and then rename it into "
			   "place: no client finds it half ready.");
}

void demo_rename(struct narrator *narrator)
{
	struct demo_scene scene;
	struct sockaddr_un old;
	if (!demo_scene_open(narrator, &scene))
		return;
	socklen_t length = demo_scene_address(&scene, "old", &old);
	int listener = demo_scene_bind(narrator, &scene, "old", SOCK_STREAM);
	int client = socket(AF_UNIX, SOCK_STREAM, 0), server = -1;
	if (listener != -1 && demo_must(narrator, listen(listener, 8), "listen") &&
	    demo_must(narrator, demo_connect(client, &old, length), "connect") &&
	    demo_must(narrator, server = demo_accept(listener), "accept"))
		move(narrator, &scene, listener, client, server);
	demo_close(server);
	demo_close(client);
	demo_close(listener);
}
