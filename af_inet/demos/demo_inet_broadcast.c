#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct scene {
	int sender, on_any, on_one; /* the receivers: bound to 0.0.0.0, and to 127.0.0.1 */
	struct sockaddr_in any, one;
};

/* Sends to 127.255.255.255, everybody on the loopback network; 0, or errno. */
static int broadcast(const struct scene *scene, uint16_t port)
{
	struct sockaddr_in everybody = { .sin_family = AF_INET, .sin_port = port };
	inet_pton(AF_INET, "127.255.255.255", &everybody.sin_addr);
	ssize_t sent = sendto(scene->sender, "all", 3, MSG_NOSIGNAL, (struct sockaddr *)&everybody,
			      sizeof(everybody));
	return demo_error(sent);
}

static void story(struct narrator *narrator, const struct scene *scene)
{
	char text[16] = "";
	int on = 1;

	demo_say(narrator,
		 "127.255.255.255 is loopback's broadcast address: one datagram for everybody.");
	int error = broadcast(scene, scene->any.sin_port);
	demo_claim(narrator, error == EACCES,
		   "sendto() to it fails, so that nobody does it by mistake: %s",
		   demo_errno(error));
	if (!demo_must(narrator,
		       setsockopt(scene->sender, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)),
		       "SO_BROADCAST"))
		return;
	demo_say(narrator, "With SO_BROADCAST it goes out, to the ports of two receivers:");
	int to_one = broadcast(scene, scene->one.sin_port);
	demo_show(narrator, "to the port bound at 127.0.0.1: %s", demo_errno(to_one));
	error = broadcast(scene, scene->any.sin_port);
	demo_claim(narrator, error == 0, "sendto() works: %s", demo_errno(error));

	demo_readable(scene->on_any);
	ssize_t got = recv(scene->on_any, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_claim(narrator, got == 3 && strcmp(text, "all") == 0,
		   "a receiver bound to 0.0.0.0 gets it: \"%s\"", text);
	/* loopback keeps the order: once a later datagram is there, a missing one will not come */
	sendto(scene->sender, "you", 3, MSG_NOSIGNAL, (const struct sockaddr *)&scene->one,
	       sizeof(scene->one));
	memset(text, 0, sizeof(text));
	demo_receive(scene->on_one, text, sizeof(text) - 1, 0);
	demo_claim(narrator, to_one == 0 && strcmp(text, "you") == 0,
		   "one bound to 127.0.0.1 does not, though sent to first; it gets what is sent "
		   "to itself: \"%s\"",
		   text);
	demo_say(narrator, "Only UDP has broadcasts (TCP has one peer), and only IPv4 (IPv6 has "
			   "multicast); routers do not forward them.");
}

void demo_inet_broadcast(struct narrator *narrator)
{
	struct scene scene = { .any = { .sin_family = AF_INET }, .one = demo_loopback() };
	if (!demo_inet_here(narrator))
		return;
	scene.on_one = demo_bound(narrator, SOCK_DGRAM, &scene.one, sizeof(scene.one));
	scene.on_any = demo_bound(narrator, SOCK_DGRAM, &scene.any, sizeof(scene.any));
	scene.sender = socket(AF_INET, SOCK_DGRAM, 0);
	if (scene.on_one != -1 && scene.on_any != -1 && demo_must(narrator, scene.sender, "socket"))
		story(narrator, &scene);
	demo_close(scene.on_one);
	demo_close(scene.on_any);
	demo_close(scene.sender);
}
