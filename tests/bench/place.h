#ifndef BENCH_PLACE_H
#define BENCH_PLACE_H

#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/socket.h>

/*
 * Where the programs in this folder listen and connect. They share nothing with the program
 * that they are compared with. On any error these functions end the process.
 */

struct place {
	int type; /* SOCK_STREAM, ... */
	socklen_t length;
	struct sockaddr_storage address;
};

/*
 * KIND is tcp, tcp6, udp or udp6, and WHERE a loopback port; or unix, unix-dgram, unix-seqpacket,
 * and a path.
 */
struct place place_read(const char *kind, const char *where);

/*
 * A socket bound there, which listens unless it is for datagrams. For TCP it has
 * TCP_NODELAY, and the congestion control that the environment names in CONGESTION; accepted
 * sockets inherit both (tcp(7)).
 */
int place_listen(const struct place *place);

/* The port that such a socket has, where it is of an IP family. */
int place_port(int fd);

/* A connected socket. One for unix datagrams has a name of its own, so that it can be answered. */
int place_connect(const struct place *place);

void place_nonblocking(int fd);

/* The monotonic clock, in nanoseconds. */
int64_t now(void);

/* They say why on standard error: WHAT with the system's reason, or TEXT alone. */
noreturn void fail(const char *what);
noreturn void fail_with(const char *text);

#endif
