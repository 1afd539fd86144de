#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in address_of(const char *host, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = port };
	inet_pton(AF_INET, host, &address.sin_addr);
	return address;
}

static struct sockaddr_in own_address(int fd)
{
	struct sockaddr_in own = { 0 };
	socklen_t length = sizeof(own);
	getsockname(fd, (struct sockaddr *)&own, &length);
	return own;
}

static bool is_at(const struct sockaddr_in *address, const char *host)
{
	struct sockaddr_in wanted = address_of(host, 0);
	return address->sin_addr.s_addr == wanted.sin_addr.s_addr;
}

/* A listener at HOST, port 0. */
static int listen_at(struct narrator *narrator, const char *host)
{
	struct sockaddr_in address = address_of(host, 0);
	int fd = demo_bound(narrator, SOCK_STREAM, &address, sizeof(address));
	if (fd == -1 || demo_must(narrator, listen(fd, 4), "listen"))
		return fd;
	close(fd);
	return -1;
}

/* What connect(2) says: 0, or errno. */
static int try(const char *host, uint16_t port)
{
	struct sockaddr_in address = address_of(host, port);
	return demo_knock(SOCK_STREAM, &address, sizeof(address));
}

static void show_literal(struct narrator *narrator, int listener)
{
	const struct sockaddr_in own = own_address(listener);

	demo_say(narrator, "bind() to 127.0.0.1, port 0: the kernel chooses a free port, and "
			   "getsockname() tells which.");
	demo_claim(narrator, is_at(&own, "127.0.0.1") && own.sin_port != 0,
		   "the address is as given, the port is no longer 0: %s",
		   demo_text(&own, sizeof(own)));
	int error = try("127.0.0.1", own.sin_port);
	demo_claim(narrator, error == 0, "connect() to 127.0.0.1 works: %s", demo_errno(error));
	error = try("127.0.0.2", own.sin_port);
	demo_claim(narrator, error != 0, "connect() to 127.0.0.2, this machine too, does not: %s",
		   demo_errno(error));
}

static void show_wildcard(struct narrator *narrator, int listener)
{
	const struct sockaddr_in own = own_address(listener);

	demo_say(narrator, "bind() to 0.0.0.0 (INADDR_ANY): every address of this machine, and so "
			   "open to other machines.");
	demo_claim(narrator, is_at(&own, "0.0.0.0") && own.sin_port != 0,
		   "getsockname() gives no particular address: %s", demo_text(&own, sizeof(own)));
	int error = try("127.0.0.2", own.sin_port);
	if (error == EADDRNOTAVAIL || error == ENETUNREACH || error == EHOSTUNREACH) {
		demo_skip(narrator, "127.0.0.2 is not this machine's here: %s", demo_errno(error));
		return;
	}
	demo_claim(narrator, error == 0, "connect() to 127.0.0.2 works: %s", demo_errno(error));
	int accepted = demo_accept(listener);
	if (!demo_must(narrator, accepted, "accept"))
		return;
	const struct sockaddr_in called = own_address(accepted);
	demo_claim(narrator, is_at(&called, "127.0.0.2") && called.sin_port == own.sin_port,
		   "the accepted socket knows which one was called: %s",
		   demo_text(&called, sizeof(called)));
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
		demo_skip(narrator, "a foreign address: net.ipv4.ip_nonlocal_bind is 1 here");
	else
		demo_claim(narrator, result == -1 && errno == EADDRNOTAVAIL,
			   "bind() to 203.0.113.1 fails: %s", demo_errno(demo_error(result)));
	close(fd);
}

void demo_inet_bind(struct narrator *narrator)
{
	if (!demo_inet_here(narrator))
		return;
	int literal = listen_at(narrator, "127.0.0.1"), wildcard = listen_at(narrator, "0.0.0.0");
	if (literal != -1 && wildcard != -1) {
		show_literal(narrator, literal);
		show_wildcard(narrator, wildcard);
		show_foreign(narrator);
	}
	demo_close(literal);
	demo_close(wildcard);
}
