#ifndef DEMOS_SOCKETS_H
#define DEMOS_SOCKETS_H

#include "demos/demo.h"
#include "demos/waits.h"

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * What demonstrations repeat around their subject, with sockets of any family. ADDRESS points to a
 * struct sockaddr_un, _in, _in6 or _storage; LENGTH is in bytes. A descriptor that is returned is
 * the caller's to close. Sockets that are opened here are limited (waits.h).
 */

/* An address and its length; 0: there is none. */
struct demo_place {
	struct sockaddr_storage address;
	socklen_t length;
};

/* The address that FD has: what a port 0 became. */
struct demo_place demo_place(int fd);

/* The port that FD has, in host byte order. */
uint16_t demo_port(int fd);

/*
 * "127.0.0.1:40123", "[fe80::1%eth0]:7", a path, "(no name)"; in one of two buffers of the calling
 * thread, taken in turn.
 */
const char *demo_text(const void *address, socklen_t length);

/* 127.0.0.1, port 0: whichever is free. */
struct sockaddr_in demo_loopback(void);

/* Closes what is open: -1 is no descriptor. */
void demo_close(int fd);

/*
 * bind(2), then getsockname(2): *ADDRESS becomes what FD is really bound to. Returns whether that
 * worked; if not, it has been claimed.
 */
bool demo_bind(struct narrator *narrator, int fd, void *address, socklen_t length);

/* A socket of TYPE, bound like that. -1 if it failed, which has then been claimed. */
int demo_bound(struct narrator *narrator, int type, void *address, socklen_t length);

/* connect(2) by a new socket of TYPE, which is returned; -1 with errno. */
int demo_call(int type, const void *address, socklen_t length);

/* The same, and it is closed at once: 0, or errno. */
int demo_knock(int type, const void *address, socklen_t length);

/*
 * 0 if a socket of TYPE can be had here, bound to ADDRESS, and its address be reached; else errno.
 * Nothing is sent.
 */
int demo_reach(int type, const void *address, socklen_t length);

/*
 * Can this address of the machine's own, called HOST, be bound and reached? If not, that is skipped
 * with the reason.
 */
bool demo_here(struct narrator *narrator, const char *host, const void *address, socklen_t length);

/* Two blocking sockets that talk to each other. A descriptor that is closed is -1. */
struct demo_pair {
	int client, server;
};

/*
 * SOCK_STREAM: a TCP connection over 127.0.0.1, accepted. SOCK_DGRAM: two UDP sockets there, each
 * connected to the other. Returns whether it worked; if not, that has been claimed, or skipped
 * where 127.0.0.1 cannot be reached, and nothing is open. End it with demo_pair_close().
 */
bool demo_pair_open(struct narrator *narrator, int type, struct demo_pair *pair);

/*
 * The same at an address of any family. The client is bound to CLIENT, unless that is NULL; a unix
 * datagram client must be.
 */
bool demo_pair_open_at(struct narrator *narrator, int type, const struct demo_place *server,
		       const struct demo_place *client, struct demo_pair *pair);

/* Two unix sockets of TYPE, connected to each other by socketpair(2); the rest is the same. */
bool demo_pair_unix(struct narrator *narrator, int type, struct demo_pair *pair);

/* Closes what is still open of it. */
void demo_pair_close(struct demo_pair *pair);

/*
 * Does STORY with a pair of demo_pair_open(), and closes what it leaves open. Without a pair
 * nothing is done.
 */
void demo_with_pair(struct narrator *narrator, int type,
		    void (*story)(struct narrator *narrator, struct demo_pair *pair));

/* The number in a file of Linux's /proc/sys; -1 if it cannot be read. */
long demo_number(const char *path);

#endif
