/* TCP_INFO is Linux's (tcp(7)), and so is this meaning of the backlog; other systems differ. */
#define _GNU_SOURCE

#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"
#include "demos/tcp.h"

#include <errno.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOMAXCONN_FILE "/proc/sys/net/core/somaxconn"

enum { BACKLOG = 2, CLIENTS = BACKLOG + 3 }; /* at most */

struct scene {
	struct sockaddr_in address;
	int listener, backlog, clients[CLIENTS];
};

static struct tcp_info info_of(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);
	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length);
	return info;
}

/* The socket is non-blocking, so that the call returns whatever becomes of it. */
static bool call(struct narrator *narrator, const struct scene *scene, int fd)
{
	int result = connect(fd, (const struct sockaddr *)&scene->address, sizeof(scene->address));
	return result == 0 || errno == EINPROGRESS || demo_must(narrator, -1, "connect");
}

static const char *state(int fd)
{
	return demo_tcp_state_name(info_of(fd).tcpi_state);
}

/* When it asks again is what this kernel has set for it: an older one doubles each interval. */
static void show_retries(struct narrator *narrator, int client)
{
	long retries = demo_number("/proc/sys/net/ipv4/tcp_syn_retries");
	long even = demo_number("/proc/sys/net/ipv4/tcp_syn_linear_timeouts");
	demo_show(narrator, "its next SYN is due %.1f s after the first, says TCP_INFO",
		  (double)info_of(client).tcpi_rto / 1000000);
	if (retries != -1)
		demo_show(narrator, "net.ipv4.tcp_syn_retries = %ld", retries);
	if (even != -1)
		demo_show(narrator, "net.ipv4.tcp_syn_linear_timeouts = %ld", even);
	demo_say(narrator,
		 "It asks again as often as tcp_syn_retries says, and in the end connect() gives "
		 "ETIMEDOUT. After the first interval, as many more as tcp_syn_linear_timeouts "
		 "says are as long as it; each later one is twice as long as the one before. A "
		 "kernel without that sysctl doubles them from the start.");
}

static bool show_full_queue(struct narrator *narrator, const struct scene *scene)
{
	const int backlog = scene->backlog;
	demo_say(narrator, "listen(fd, %d), and nobody calls accept(). Clients connect:", backlog);
	if (!demo_must(narrator, listen(scene->listener, backlog), "listen"))
		return false;
	for (int i = 0; i < backlog + 2; i++) {
		if (!call(narrator, scene, scene->clients[i]))
			return false;
		demo_show(narrator, "client %d: %s", i + 1, state(scene->clients[i]));
	}
	unsigned queued = info_of(scene->listener).tcpi_unacked;
	demo_claim(narrator, queued == (unsigned)backlog + 1,
		   "Linux queues one more than the backlog of %d: TCP_INFO counts %u", backlog,
		   queued);
	const char *last = state(scene->clients[backlog + 1]);
	demo_claim(narrator, strcmp(last, "SYN_SENT") == 0,
		   "the next client is not refused, but its SYN is dropped: it is in %s", last);
	show_retries(narrator, scene->clients[backlog + 1]);
	return true;
}

static void show_room_again(struct narrator *narrator, const struct scene *scene)
{
	int accepted = demo_accept(scene->listener);
	if (!demo_must(narrator, accepted, "accept"))
		return;
	close(accepted);
	if (!call(narrator, scene, scene->clients[scene->backlog + 2]))
		return;
	const char *last = state(scene->clients[scene->backlog + 2]);
	demo_claim(narrator, strcmp(last, "ESTABLISHED") == 0,
		   "after an accept() there is room; the next client overtakes the last: %s", last);
}

static void show_limits(struct narrator *narrator, const struct scene *scene)
{
	long most = demo_number(SOMAXCONN_FILE);
	long half_open = demo_number("/proc/sys/net/ipv4/tcp_max_syn_backlog");
	long cookies = demo_number("/proc/sys/net/ipv4/tcp_syncookies");

	if (most != -1 && demo_must(narrator, listen(scene->listener, INT_MAX), "listen")) {
		long cut = info_of(scene->listener).tcpi_sacked;
		demo_claim(narrator, cut == most,
			   "listen(fd, INT_MAX) is cut to net.core.somaxconn, %ld: backlog %ld",
			   most, cut);
	}
	demo_say(narrator,
		 "Half-open connections (SYN_RECEIVED) wait separately, for the last ACK.");
	if (half_open != -1)
		demo_show(narrator, "net.ipv4.tcp_max_syn_backlog = %ld", half_open);
	if (cookies == -1)
		return;
	demo_show(narrator, "net.ipv4.tcp_syncookies = %ld", cookies);
	demo_say(narrator,
		 "SYN cookies (0 off, 1 if too many are half open, 2 always) keep no record of "
		 "them: all that the server must know comes back in the last ACK's number.");
}

void demo_tcp_backlog(struct narrator *narrator)
{
	struct scene scene;
	if (!demo_inet_here(narrator))
		return;
	scene.address = demo_loopback();
	scene.listener = demo_bound(narrator, SOCK_STREAM, &scene.address, sizeof(scene.address));
	if (scene.listener == -1)
		return;
	long most = demo_number(SOMAXCONN_FILE);
	scene.backlog = most >= 0 && most < BACKLOG ? (int)most : BACKLOG;
	bool works = true;
	for (int i = 0; i < CLIENTS; i++) {
		scene.clients[i] = works ? socket(AF_INET, SOCK_STREAM, 0) : -1;
		works = works && demo_must(narrator, scene.clients[i], "socket") &&
			demo_must(narrator, demo_nonblock(scene.clients[i]), "fcntl(O_NONBLOCK)");
	}
	if (works && show_full_queue(narrator, &scene)) {
		show_room_again(narrator, &scene);
		show_limits(narrator, &scene);
	}
	for (int i = 0; i < CLIENTS; i++)
		demo_close(scene.clients[i]);
	close(scene.listener);
}
