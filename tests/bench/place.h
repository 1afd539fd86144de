#ifndef BENCH_PLACE_H
#define BENCH_PLACE_H

#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/socket.h>

/*
 * Where the programs here listen and connect. They share nothing with the program they are
 * compared with, and end the process on any error.
 */
struct place {
	int type; /* SOCK_STREAM, ... */
	socklen_t length;
	struct sockaddr_storage address;
};

/* KIND tcp (WHERE is a loopback port), udp, unix (a path), unix-dgram, unix-seqpacket. */
struct place place_read(const char *kind, const char *where);

/*
 * A socket bound there; it listens unless it is for datagrams. TCP_NODELAY is set, and the
 * congestion control in the environment's CONGESTION: what is accepted inherits both (tcp(7)).
 */
int place_listen(const struct place *place);

/* A connected socket. One for unix datagrams gets a name of its own, to be answered at. */
int place_connect(const struct place *place);

void place_nonblocking(int fd);

/* Nanoseconds of the monotonic clock. */
int64_t now(void);

noreturn void fail(const char *what);

#endif
