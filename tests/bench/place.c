#define _GNU_SOURCE /* TCP_CONGESTION */
#include "place.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

noreturn void fail(const char *what)
{
	perror(what);
	exit(1);
}

noreturn void fail_with(const char *text)
{
	fprintf(stderr, "%s\n", text);
	exit(1);
}

int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct place place_read(const char *kind, const char *where)
{
	struct place place = { .type = SOCK_STREAM };
	if (strstr(kind, "dgram") || strncmp(kind, "udp", 3) == 0)
		place.type = SOCK_DGRAM;
	else if (strstr(kind, "seqpacket"))
		place.type = SOCK_SEQPACKET;
	if (strncmp(kind, "unix", 4) == 0) {
		struct sockaddr_un *un = (struct sockaddr_un *)&place.address;
		un->sun_family = AF_UNIX;
		if (strlen(where) >= sizeof(un->sun_path)) {
			fprintf(stderr, "%s: too long\n", where);
			exit(1);
		}
		strcpy(un->sun_path, where);
		place.length = sizeof(*un);
	} else if (kind[strlen(kind) - 1] == '6') {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&place.address;
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)atoi(where));
		in6->sin6_addr = in6addr_loopback;
		place.length = sizeof(*in6);
	} else {
		struct sockaddr_in *in = (struct sockaddr_in *)&place.address;
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)atoi(where));
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		place.length = sizeof(*in);
	}
	return place;
}

static int open_socket(const struct place *place)
{
	const char *congestion = getenv("CONGESTION");
	int fd = socket(place->address.ss_family, place->type, 0), on = 1;
	if (fd == -1)
		fail("socket");
	if (place->address.ss_family == AF_UNIX || place->type != SOCK_STREAM)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (congestion && *congestion &&
	    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, congestion,
		       (socklen_t)strlen(congestion)) == -1)
		fail(congestion);
	return fd;
}

int place_listen(const struct place *place)
{
	int fd = open_socket(place);
	if (bind(fd, (const struct sockaddr *)&place->address, place->length) == -1)
		fail("bind");
	if (place->type != SOCK_DGRAM && listen(fd, SOMAXCONN) == -1)
		fail("listen");
	return fd;
}

int place_port(int fd)
{
	struct sockaddr_storage own;
	socklen_t length = sizeof(own);
	if (getsockname(fd, (struct sockaddr *)&own, &length) == -1)
		fail("getsockname");
	return ntohs(own.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&own)->sin6_port
					       : ((struct sockaddr_in *)&own)->sin_port);
}

int place_connect(const struct place *place)
{
	int fd = open_socket(place);
	struct sockaddr own = { .sa_family = AF_UNIX };
	/* the family alone: Linux chooses an abstract name (unix(7)) */
	if (place->address.ss_family == AF_UNIX && place->type == SOCK_DGRAM &&
	    bind(fd, &own, sizeof(own.sa_family)) == -1)
		fail("bind");
	if (connect(fd, (const struct sockaddr *)&place->address, place->length) == -1)
		fail("connect");
	return fd;
}

void place_nonblocking(int fd)
{
	if (fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
		fail("fcntl");
}
