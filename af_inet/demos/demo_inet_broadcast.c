#include "demos/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct scene {
	int sender, on_any, on_one; /* the receivers: bound to 0.0.0.0, and to 127.0.0.1 */
	struct sockaddr_in any, one;
};

/* Sends to 127.255.255.255, everybody on the loopback's network; 0 or why not. */
static int broadcast(const struct scene *scene, uint16_t port)
{
	struct sockaddr_in everybody = { .sin_family = AF_INET, .sin_port = port };
	inet_pton(AF_INET, "127.255.255.255", &everybody.sin_addr);
	ssize_t sent = sendto(scene->sender, "all", 3, MSG_NOSIGNAL, (struct sockaddr *)&everybody,
			      sizeof(everybody));
	return sent == -1 ? errno : 0;
}

static void story(struct narrator *narrator, const struct scene *scene)
{
	char text[16] = "";
	int on = 1;

	demo_say(narrator, "127.255.255.255 is the loopback network's broadcast address: one "
			   "datagram, for all.");
	int error = broadcast(scene, scene->any.sin_port);
	demo_claim(narrator, error == EACCES,
		   "sendto() there fails, so that nobody does it by mistake: %s",
		   demo_errno(error));
	if (!demo_must(narrator,
		       setsockopt(scene->sender, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)),
		       "SO_BROADCAST"))
		return;
	demo_say(narrator, "With SO_BROADCAST it goes out, to two receivers' ports:");
	error = broadcast(scene, scene->one.sin_port);
	demo_show(narrator, "to the port bound at 127.0.0.1: %s", demo_errno(error));
	error = broadcast(scene, scene->any.sin_port);
	demo_claim(narrator, error == 0, "sendto() works: %s", demo_errno(error));

	demo_readable(scene->on_any);
	ssize_t got = recv(scene->on_any, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_claim(narrator, got == 3 && strcmp(text, "all") == 0,
		   "a receiver bound to 0.0.0.0 gets it: \"%s\"", text);
	got = recv(scene->on_one, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_claim(narrator, got == -1 && (errno == EAGAIN || errno == EWOULDBLOCK),
		   "one bound to 127.0.0.1 alone did not, though sent before: %s",
		   demo_errno(got == -1 ? errno : 0));
	demo_say(narrator, "Broadcasts are UDP's only (TCP has one peer), IPv4's only (IPv6 has "
			   "multicast),");
	demo_say(narrator, "and routers do not forward them.");
}

static void run(struct narrator *narrator)
{
	struct scene scene = { .any = { .sin_family = AF_INET } };
	socklen_t length = sizeof(scene.any);
	scene.on_one = demo_bound(narrator, SOCK_DGRAM, &scene.one);
	scene.sender = socket(AF_INET, SOCK_DGRAM, 0);
	scene.on_any = socket(AF_INET, SOCK_DGRAM, 0);
	if (scene.on_one != -1 && demo_must(narrator, scene.sender, "socket") &&
	    demo_must(narrator, scene.on_any, "socket") &&
	    demo_must(narrator, bind(scene.on_any, (struct sockaddr *)&scene.any, length),
		      "bind") &&
	    demo_must(narrator, getsockname(scene.on_any, (struct sockaddr *)&scene.any, &length),
		      "getsockname"))
		story(narrator, &scene);
	if (scene.on_one != -1)
		close(scene.on_one);
	if (scene.sender != -1)
		close(scene.sender);
	if (scene.on_any != -1)
		close(scene.on_any);
}

const struct demo demo_inet_broadcast = {
	.name = "inet-broadcast",
	.summary = "a broadcast must be asked for: SO_BROADCAST, or EACCES",
	.run = run,
};
