#include "demos/sockets.h"

#include "net/endpoint.h"
#include "net/family.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct demo_place demo_place(int fd)
{
	struct demo_place place = { .length = sizeof(place.address) };
	if (getsockname(fd, (struct sockaddr *)&place.address, &place.length) == -1)
		place.length = 0;
	return place;
}

uint16_t demo_port(int fd)
{
	struct demo_place place = demo_place(fd);
	if (place.address.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&place.address)->sin6_port);
	if (place.address.ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)&place.address)->sin_port);
	return 0;
}

const char *demo_text(const void *address, socklen_t length)
{
	static _Thread_local char texts[2][ENDPOINT_TEXT];
	static _Thread_local unsigned turn;
	char *text = texts[turn++ % 2];
	sa_family_t domain = AF_UNIX; /* an unnamed unix peer may come without even that */
	if (length >= offsetof(struct sockaddr, sa_data))
		domain = ((const struct sockaddr *)address)->sa_family;
	const struct family *family = family_by_domain(domain);
	if (!family)
		return "(no address)";
	family->format(address, length, text);
	return *text ? text : "(no name)";
}

struct sockaddr_in demo_loopback(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

void demo_close(int fd)
{
	if (fd != -1)
		close(fd);
}

bool demo_bind(struct narrator *narrator, int fd, void *address, socklen_t length)
{
	return demo_must(narrator, bind(fd, address, length), "bind") &&
	       demo_must(narrator, getsockname(fd, address, &length), "getsockname");
}

/* socket(2) for the address; -1 with errno. */
static int open_for(int type, const void *address)
{
	int fd = socket(((const struct sockaddr *)address)->sa_family, type, 0);
	if (fd != -1)
		demo_limit(fd);
	return fd;
}

int demo_bound(struct narrator *narrator, int type, void *address, socklen_t length)
{
	int fd = open_for(type, address);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	if (demo_bind(narrator, fd, address, length))
		return fd;
	close(fd);
	return -1;
}

int demo_call(int type, const void *address, socklen_t length)
{
	int fd = open_for(type, address);
	if (fd == -1 || demo_connect(fd, address, length) == 0)
		return fd;
	int number = errno;
	close(fd);
	errno = number;
	return -1;
}

int demo_knock(int type, const void *address, socklen_t length)
{
	int fd = demo_call(type, address, length);
	int number = demo_error(fd);
	demo_close(fd);
	return number;
}

int demo_reach(int type, const void *address, socklen_t length)
{
	int number = 0;
	int fd = open_for(type, address);
	if (fd == -1)
		return errno;
	if (bind(fd, address, length) == -1) {
		number = errno;
	} else if (((const struct sockaddr *)address)->sa_family != AF_UNIX) {
		/*
		 * Where the loopback interface is down, its address can be bound and yet not be
		 * reached. connect(2) of a datagram socket finds that out, and sends nothing.
		 */
		struct demo_place bound = demo_place(fd);
		number = demo_knock(SOCK_DGRAM, &bound.address, bound.length);
	}
	close(fd);
	return number;
}

bool demo_here(struct narrator *narrator, const char *host, const void *address, socklen_t length)
{
	int number = demo_reach(SOCK_DGRAM, address, length);
	if (number != 0)
		demo_skip(narrator, "%s cannot be reached here: %s", host, demo_errno(number));
	return number == 0;
}

/* Datagrams: each is connected to the other's address. */
static bool introduce(struct narrator *narrator, const struct demo_pair *pair)
{
	const struct demo_place client = demo_place(pair->client);
	return demo_must(
		narrator,
		connect(pair->server, (const struct sockaddr *)&client.address, client.length),
		"connect");
}

bool demo_pair_open_at(struct narrator *narrator, int type, const struct demo_place *server,
		       const struct demo_place *client, struct demo_pair *pair)
{
	struct demo_place at = *server, from = client ? *client : *server;
	int bound = demo_bound(narrator, type, &at.address, at.length);
	*pair = (struct demo_pair){ .client = -1, .server = -1 };
	if (bound == -1)
		return false;
	pair->client = open_for(type, &at.address);
	bool works = demo_must(narrator, pair->client, "socket");
	if (client)
		works = works && demo_bind(narrator, pair->client, &from.address, from.length);
	if (type != SOCK_DGRAM)
		works = works && demo_must(narrator, listen(bound, 1), "listen");
	works = works &&
		demo_must(narrator, demo_connect(pair->client, &at.address, at.length), "connect");
	if (type == SOCK_DGRAM) {
		pair->server = bound;
		works = works && introduce(narrator, pair);
	} else {
		pair->server = works ? demo_accept(bound) : -1;
		works = works && demo_must(narrator, pair->server, "accept");
		close(bound);
	}
	if (pair->server != -1)
		demo_limit(pair->server);
	if (!works)
		demo_pair_close(pair);
	return works;
}

bool demo_pair_open(struct narrator *narrator, int type, struct demo_pair *pair)
{
	const struct sockaddr_in loopback = demo_loopback();
	if (!demo_here(narrator, "127.0.0.1", &loopback, sizeof(loopback)))
		return false;
	struct demo_place server = { .length = sizeof(loopback) };
	memcpy(&server.address, &loopback, sizeof(loopback));
	return demo_pair_open_at(narrator, type, &server, NULL, pair);
}

bool demo_pair_unix(struct narrator *narrator, int type, struct demo_pair *pair)
{
	int ends[2];
	*pair = (struct demo_pair){ .client = -1, .server = -1 };
	if (!demo_must(narrator, socketpair(AF_UNIX, type, 0, ends), "socketpair"))
		return false;
	*pair = (struct demo_pair){ .client = ends[0], .server = ends[1] };
	demo_limit(pair->client);
	demo_limit(pair->server);
	return true;
}

void demo_pair_close(struct demo_pair *pair)
{
	demo_close(pair->client);
	demo_close(pair->server);
	pair->client = pair->server = -1;
}

void demo_with_pair(struct narrator *narrator, int type,
		    void (*story)(struct narrator *narrator, struct demo_pair *pair))
{
	struct demo_pair pair;
	if (!demo_pair_open(narrator, type, &pair))
		return;
	story(narrator, &pair);
	demo_pair_close(&pair);
}

long demo_number(const char *path)
{
	long value = -1;
	FILE *file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}
