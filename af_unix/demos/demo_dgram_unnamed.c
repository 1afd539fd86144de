#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* sendto(2) of WORD: 0, or errno. */
static int send_to(int fd, const char *word, const struct sockaddr_un *to, socklen_t length)
{
	return demo_error(sendto(fd, word, strlen(word), MSG_NOSIGNAL | MSG_DONTWAIT,
				 (const struct sockaddr *)to, length));
}

static void without_name(struct narrator *narrator, const struct demo_scene *scene, int server)
{
	struct sockaddr_un name, from = { 0 };
	socklen_t length = demo_scene_address(scene, "server", &name), from_length = sizeof(from);
	char text[16] = "";
	int client = socket(AF_UNIX, SOCK_DGRAM, 0);
	demo_say(narrator, "A datagram socket can send without a name of its own:");
	int said = send_to(client, "hello", &name, length);
	ssize_t got = recvfrom(server, text, sizeof(text) - 1, MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_length);
	demo_show(narrator, "client (no name) ---> \"%s\" ---> server", text);
	demo_claim(narrator, said == 0 && got == 5, "the datagram arrives: recvfrom() = %zd", got);
	demo_claim(narrator, from_length <= offsetof(struct sockaddr_un, sun_path),
		   "but it comes from nowhere: an address of %u bytes, with no path in it",
		   (unsigned)from_length);
	from.sun_family = AF_UNIX;
	said = send_to(server, "answer", &from, from_length);
	demo_claim(narrator, said != 0, "so it cannot be answered: sendto: %s", demo_errno(said));
	demo_say(narrator, "UDP differs: there the system gives a port to a sender that has none.");
	close(client);
}

static void with_name(struct narrator *narrator, const struct demo_scene *scene, int server)
{
	struct sockaddr_un to_client;
	socklen_t client_length = demo_scene_address(scene, "client", &to_client);
	char text[16] = "";
	int client = demo_scene_bind(narrator, scene, "client", SOCK_DGRAM);
	if (client == -1)
		return;
	demo_say(narrator,
		 "A client that binds a path too is an equal, and can even be addressed first:");
	int said = send_to(server, "first", &to_client, client_length);
	recv(client, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_claim(narrator, said == 0 && strcmp(text, "first") == 0,
		   "with names on both sides, either can begin: the client got \"%s\"", text);
	demo_say(narrator, "Now the client closes. Its file remains; its socket does not:");
	close(client);
	said = send_to(server, "still there?", &to_client, client_length);
	demo_claim(narrator, said == ECONNREFUSED, "the sender learns it at once: sendto: %s",
		   demo_errno(said));
	unlink(to_client.sun_path);
	said = send_to(server, "still there?", &to_client, client_length);
	demo_claim(narrator, said == ENOENT, "and with the file gone as well: sendto: %s",
		   demo_errno(said));
}

void demo_dgram_unnamed(struct narrator *narrator)
{
	struct demo_scene scene;
	if (!demo_scene_open(narrator, &scene))
		return;
	int server = demo_scene_bind(narrator, &scene, "server", SOCK_DGRAM);
	if (server != -1) {
		without_name(narrator, &scene, server);
		with_name(narrator, &scene, server);
		close(server);
	}
}
