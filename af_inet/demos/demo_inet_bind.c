#include "demos/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in address_of(const char *host, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = port };
	inet_pton(AF_INET, host, &address.sin_addr);
	return address;
}

/* The socket's own address as text; its port, in network byte order, in *PORT. */
static const char *own_address(int fd, uint16_t *port)
{
	static char text[INET_ADDRSTRLEN];
	struct sockaddr_in own = { 0 };
	socklen_t length = sizeof(own);
	getsockname(fd, (struct sockaddr *)&own, &length);
	*port = own.sin_port;
	return inet_ntop(AF_INET, &own.sin_addr, text, sizeof(text));
}

/* A listener at HOST, port 0. */
static int listen_at(struct narrator *narrator, const char *host)
{
	struct sockaddr_in address = address_of(host, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	if (demo_must(narrator, bind(fd, (struct sockaddr *)&address, sizeof(address)), "bind") &&
	    demo_must(narrator, listen(fd, 4), "listen"))
		return fd;
	close(fd);
	return -1;
}

/* 0, or why connect() failed. */
static int try(const char *host, uint16_t port)
{
	struct sockaddr_in address = address_of(host, port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int result = connect(fd, (struct sockaddr *)&address, sizeof(address));
	int error = result == -1 ? errno : 0;
	if (fd != -1)
		close(fd);
	return error;
}

static void show_literal(struct narrator *narrator, int listener)
{
	uint16_t port;
	const char *own = own_address(listener, &port);

	demo_say(narrator, "bind() to 127.0.0.1, port 0: the kernel chooses a free port, and "
			   "getsockname() tells it.");
	demo_claim(narrator, strcmp(own, "127.0.0.1") == 0 && port != 0,
		   "the address is as given, the port is not 0: %s:%u", own, ntohs(port));
	int error = try("127.0.0.1", port);
	demo_claim(narrator, error == 0, "connect() to 127.0.0.1 works: %s", demo_errno(error));
	error = try("127.0.0.2", port);
	demo_claim(narrator, error != 0, "connect() to 127.0.0.2, this machine too, does not: %s",
		   demo_errno(error));
}

static void show_wildcard(struct narrator *narrator, int listener)
{
	uint16_t port, accepted_port;
	const char *own = own_address(listener, &port);

	demo_say(narrator, "bind() to 0.0.0.0 (INADDR_ANY): every address of this machine, other "
			   "machines let in.");
	demo_claim(narrator, strcmp(own, "0.0.0.0") == 0 && port != 0,
		   "getsockname() gives no particular address: %s:%u", own, ntohs(port));
	int error = try("127.0.0.2", port);
	if (error == EADDRNOTAVAIL || error == ENETUNREACH || error == EHOSTUNREACH) {
		demo_show(narrator, "127.0.0.2 is not this machine's here: %s", demo_errno(error));
		return;
	}
	demo_claim(narrator, error == 0, "connect() to 127.0.0.2 works: %s", demo_errno(error));
	int accepted = demo_accept(listener);
	if (!demo_must(narrator, accepted, "accept"))
		return;
	own = own_address(accepted, &accepted_port);
	demo_claim(narrator, strcmp(own, "127.0.0.2") == 0 && accepted_port == port,
		   "the accepted socket knows the one that was called: %s:%u", own,
		   ntohs(accepted_port));
	close(accepted);
}

static void show_foreign(struct narrator *narrator)
{
	struct sockaddr_in foreign = address_of("203.0.113.1", 0); /* RFC 5737: for examples only */
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (!demo_must(narrator, fd, "socket"))
		return;
	demo_say(narrator, "An address that no interface of this machine has:");
	int result = bind(fd, (struct sockaddr *)&foreign, sizeof(foreign));
	if (demo_number("/proc/sys/net/ipv4/ip_nonlocal_bind") == 1)
		demo_show(narrator, "net.ipv4.ip_nonlocal_bind = 1 lets bind() take it here");
	else
		demo_claim(narrator, result == -1 && errno == EADDRNOTAVAIL,
			   "bind() to 203.0.113.1 fails: %s", demo_errno(result == -1 ? errno : 0));
	close(fd);
}

static void run(struct narrator *narrator)
{
	int literal = listen_at(narrator, "127.0.0.1"), wildcard = listen_at(narrator, "0.0.0.0");
	if (literal != -1 && wildcard != -1) {
		show_literal(narrator, literal);
		show_wildcard(narrator, wildcard);
		show_foreign(narrator);
	}
	if (literal != -1)
		close(literal);
	if (wildcard != -1)
		close(wildcard);
}

const struct demo demo_inet_bind = {
	.name = "inet-bind",
	.summary = "who can reach 127.0.0.1, 0.0.0.0 and port 0",
	.run = run,
};
