/*
 * What the kernel alone takes: two processes and a socket, no loop and no framework.
 *
 *     floor KIND block|server|both|one|bulk HOW SIZE SECONDS [PATH]
 *     floor KIND serve block|spin WHERE
 *     floor KIND port
 *
 * The first form measures round trips and prints what exchange.h says. Who looks again instead of
 * sleeping: nobody (block), the server, both, or nobody with both on one processor (one). HOW the
 * server of datagrams answers: connected to its one client, unconnected by recvfrom() and
 * sendto(), or with control messages that tell the address that was asked, or the sender. bulk
 * sends and receives at once.
 *
 * The second form is the server alone, for other clients; unconnected, where it serves
 * datagrams. port prints a port that is free.
 *
 * The processes are pinned, the server to the first processor and the client to the second,
 * where there are two.
 */
#define _GNU_SOURCE /* sched_setaffinity, struct in6_pktinfo */
#include "exchange.h"
#include "place.h"

#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE (1 << 20)

static _Alignas(4096) char buffer[LARGE];

static void pin(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		sched_setaffinity(0, sizeof(set), &set);
}

static bool again(ssize_t got)
{
	return got == -1 && (errno == EAGAIN || errno == EINTR);
}

static void echo_connected(int fd, size_t size, int flags)
{
	for (;;) {
		ssize_t got = recv(fd, buffer, size, flags), sent;
		if (again(got))
			continue;
		if (got <= 0)
			return;
		for (ssize_t done = 0; done < got; done += sent)
			if ((sent = send(fd, buffer + done, (size_t)(got - done), MSG_NOSIGNAL)) ==
			    -1)
				return;
	}
}

static noreturn void echo_unconnected(int fd, int flags)
{
	struct sockaddr_storage peer;
	for (;;) {
		socklen_t length = sizeof(peer);
		ssize_t got = recvfrom(fd, buffer, LARGE, flags, (struct sockaddr *)&peer, &length);
		if (got != -1)
			sendto(fd, buffer, (size_t)got, 0, (struct sockaddr *)&peer, length);
	}
}

static void ask_for_control(int fd, int family)
{
	int on = 1;
	if (family == AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	else if (family == AF_INET)
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
}

static noreturn void echo_with_control(int fd, int family, int flags)
{
	struct sockaddr_storage peer;
	_Alignas(struct cmsghdr) char control[256];
	struct iovec part = { .iov_base = buffer };
	struct msghdr message = { .msg_name = &peer, .msg_iov = &part, .msg_iovlen = 1 };
	ask_for_control(fd, family);
	for (;;) {
		part.iov_len = LARGE;
		message.msg_namelen = sizeof(peer);
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		ssize_t got = recvmsg(fd, &message, flags);
		if (got == -1)
			continue;
		part.iov_len = (size_t)got;
		/* what an IP socket is told goes back as it is: the address to answer from */
		if (family == AF_UNIX)
			message.msg_controllen = 0;
		sendmsg(fd, &message, 0);
	}
}

/* The first message says who is to be answered from now on. */
static void answer_first(int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	ssize_t got = recvfrom(fd, buffer, LARGE, 0, (struct sockaddr *)&peer, &length);
	if (got == -1 || connect(fd, (struct sockaddr *)&peer, length) == -1)
		fail("first message");
	send(fd, buffer, (size_t)got, 0);
}

static void serve(const struct place *place, int listener, const char *how, size_t size, int flags)
{
	if (place->type != SOCK_DGRAM) {
		int fd = accept(listener, NULL, NULL);
		if (fd == -1)
			fail("accept");
		echo_connected(fd, size, flags);
		close(fd);
	} else if (strcmp(how, "unconnected") == 0) {
		echo_unconnected(listener, flags);
	} else if (strcmp(how, "control") == 0) {
		echo_with_control(listener, place->address.ss_family, flags);
	} else {
		answer_first(listener);
		echo_connected(listener, size, flags);
	}
}

static noreturn void serve_others(const char *kind, const char *how, const char *where)
{
	struct place place = place_read(kind, where);
	int listener = place_listen(&place);
	for (;;)
		serve(&place, listener, "unconnected", LARGE,
		      strcmp(how, "spin") == 0 ? MSG_DONTWAIT : 0);
}

/* A port of 0 becomes the one that the listener has. */
static void find(struct place *place, int listener)
{
	if (getsockname(listener, (struct sockaddr *)&place->address, &place->length) == -1)
		fail("getsockname");
}

static void measure(const struct place *place, pid_t server, const char *who, size_t size,
		    int64_t duration)
{
	enum exchange_mode mode = EXCHANGE_BLOCK;
	char message[64] = "";
	if (strcmp(who, "both") == 0)
		mode = EXCHANGE_SPIN;
	else if (strcmp(who, "bulk") == 0)
		mode = EXCHANGE_BULK;
	pin(strcmp(who, "one") == 0 ? 0 : 1);
	int fd = place_connect(place);
	if (place->type == SOCK_DGRAM && (send(fd, message, sizeof(message), 0) == -1 ||
					  recv(fd, message, sizeof(message), 0) == -1))
		fail("first message");
	exchange(fd, mode, size, duration, server);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[2], "port") == 0) {
		struct place place = place_read(argv[1], "0");
		return printf("%d\n", place_port(place_listen(&place))) < 0;
	}
	if (argc == 5 && strcmp(argv[2], "serve") == 0)
		serve_others(argv[1], argv[3], argv[4]);
	if (argc < 6)
		return 64;
	const char *who = argv[2];
	bool spins = strcmp(who, "server") == 0 || strcmp(who, "both") == 0;
	size_t size = (size_t)atol(argv[4]);
	struct place place = place_read(argv[1], argc > 6 ? argv[6] : "0");
	int listener = place_listen(&place);
	find(&place, listener);
	pid_t server = fork();
	if (server == -1)
		fail("fork");
	if (server == 0) {
		pin(0);
		serve(&place, listener, argv[3], LARGE, spins ? MSG_DONTWAIT : 0);
		return 0;
	}
	/* the client is a process of its own, so that this one ends the server whatever becomes of it */
	pid_t client = fork();
	if (client == 0) {
		measure(&place, server, who, size, (int64_t)(atof(argv[5]) * 1e9));
		return 0;
	}
	int status = 1;
	waitpid(client, &status, 0);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	if (place.address.ss_family == AF_UNIX)
		unlink(argv[6]);
	return status != 0;
}
