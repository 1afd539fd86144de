/* TCP_INFO and TCP_DEFER_ACCEPT are Linux's (tcp(7)): POSIX shows no TCP states. */
#define _GNU_SOURCE

#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"
#include "demos/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct scene {
	struct sockaddr_in address;
	int listener, fills, waits, calls, accepted;
};

static const char *state(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == -1)
		return demo_errno(errno);
	return demo_tcp_state_name(info.tcpi_state);
}

static void claim_state(struct narrator *narrator, int fd, const char *whose, const char *expected)
{
	const char *seen = state(fd);
	demo_claim(narrator, strcmp(seen, expected) == 0, "%s is %s: TCP_INFO says %s", whose,
		   expected, seen);
}

static bool call(struct narrator *narrator, const struct scene *scene, int fd)
{
	return demo_must(narrator, demo_connect(fd, &scene->address, sizeof(scene->address)),
			 "connect");
}

/* A SYN that finds the accept queue full is dropped, and its sender goes on waiting. */
static bool show_syn_sent(struct narrator *narrator, struct scene *scene)
{
	demo_say(narrator,
		 "On loopback a handshake is over at once. To show SYN_SENT, one client fills the "
		 "accept queue, so that the next one's SYN is dropped and not answered.");
	if (!call(narrator, scene, scene->fills) ||
	    !demo_must(narrator, demo_nonblock(scene->waits), "fcntl(O_NONBLOCK)"))
		return false;
	int result = connect(scene->waits, (const struct sockaddr *)&scene->address,
			     sizeof(scene->address));
	demo_show(narrator, "connect, non-blocking: %s", demo_errno(demo_error(result)));
	claim_state(narrator, scene->waits, "a client without an answer", "SYN_SENT");
	return true;
}

/* Told to wait for data, the server keeps the connection half open although the ACK has come. */
static bool show_syn_received(struct narrator *narrator, struct scene *scene)
{
	int seconds = 5;

	demo_say(narrator,
		 "SYN_RECEIVED: with TCP_DEFER_ACCEPT the last ACK is ignored until data arrives.");
	int accepted = demo_accept(scene->listener); /* makes room in the queue */
	if (!demo_must(narrator, accepted, "accept"))
		return false;
	close(accepted);
	if (!demo_must(narrator,
		       setsockopt(scene->listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
				  sizeof(seconds)),
		       "TCP_DEFER_ACCEPT") ||
	    !call(narrator, scene, scene->calls))
		return false;
	claim_state(narrator, scene->calls, "a client that got SYN+ACK", "ESTABLISHED");
	const char *seen = demo_tcp_listed(ntohs(scene->address.sin_port), demo_port(scene->calls));
	if (!seen)
		demo_skip(narrator, "SYN_RECEIVED: there is no /proc/net/tcp here");
	else if (demo_number("/proc/sys/net/ipv4/tcp_syncookies") == 2)
		demo_skip(narrator, "SYN_RECEIVED: net.ipv4.tcp_syncookies is 2, which keeps no "
				    "half-open connection");
	else
		demo_claim(narrator, strcmp(seen, "SYN_RECEIVED") == 0,
			   "the server's side is SYN_RECEIVED: /proc/net/tcp says %s", seen);
	return true;
}

static void show_established(struct narrator *narrator, struct scene *scene)
{
	demo_say(narrator, "The client sends a byte, and now accept() has a connection to give.");
	if (!demo_must(narrator, send(scene->calls, "x", 1, MSG_NOSIGNAL), "send"))
		return;
	scene->accepted = demo_accept(scene->listener);
	if (!demo_must(narrator, scene->accepted, "accept"))
		return;
	claim_state(narrator, scene->accepted, "the accepted socket", "ESTABLISHED");
	claim_state(narrator, scene->listener, "the listener, as ever,", "LISTEN");
}

static void show_all(struct narrator *narrator, struct scene *scene)
{
	demo_say(narrator,
		 "Three segments open a connection (RFC 9293, 3.5); each side changes state:");
	demo_show(narrator, "client                           server");
	demo_show(narrator, "CLOSED                           LISTEN        listen()");
	demo_show(narrator, "SYN_SENT     ------- SYN ------>               connect() sends it");
	demo_show(narrator, "             <---- SYN+ACK -----  SYN_RECEIVED");
	demo_show(narrator, "ESTABLISHED  ------- ACK ------>  ESTABLISHED   accept() gives it");
	if (!demo_must(narrator, listen(scene->listener, 0), "listen"))
		return;
	claim_state(narrator, scene->listener, "a socket after listen()", "LISTEN");
	claim_state(narrator, scene->calls, "a socket before connect()", "CLOSED");
	if (show_syn_sent(narrator, scene) && show_syn_received(narrator, scene))
		show_established(narrator, scene);
}

void demo_tcp_handshake(struct narrator *narrator)
{
	struct scene scene = { .address = demo_loopback(), .accepted = -1 };
	if (!demo_inet_here(narrator))
		return;
	scene.listener = demo_bound(narrator, SOCK_STREAM, &scene.address, sizeof(scene.address));
	if (scene.listener == -1)
		return;
	scene.fills = socket(AF_INET, SOCK_STREAM, 0);
	scene.waits = socket(AF_INET, SOCK_STREAM, 0);
	scene.calls = socket(AF_INET, SOCK_STREAM, 0);
	show_all(narrator, &scene);
	demo_close(scene.accepted);
	close(scene.calls);
	close(scene.waits);
	close(scene.fills);
	close(scene.listener);
}
