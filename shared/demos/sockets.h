#ifndef DEMOS_SOCKETS_H
#define DEMOS_SOCKETS_H

#include "demos/demo.h"

#include <netinet/in.h>
#include <stdint.h>

/* What the demonstrations with Internet sockets repeat. */

/*
 * A socket bound to 127.0.0.1, at a port that the kernel chose (in ADDRESS, in network byte order
 * as ever). The caller closes it. -1 if that failed, which has then been claimed.
 */
int demo_bound(struct narrator *narrator, int type, struct sockaddr_in *address);

/* Two blocking sockets that talk over loopback. A descriptor that is not there is -1. */
struct demo_pair {
	int client, server;
	uint16_t client_port, server_port; /* in host byte order */
};

/*
 * SOCK_STREAM: a TCP connection, accepted. SOCK_DGRAM: two UDP sockets, the client connected to the
 * server and not the other way. Whether it worked; if not, that has been claimed and nothing is
 * open.
 */
bool demo_pair_open(struct narrator *narrator, int type, struct demo_pair *pair);
void demo_pair_close(struct demo_pair *pair);

/* Waits until FD can be read (data, a connection, the end, an error), for at most a second. */
bool demo_readable(int fd);

/* accept(), waiting for at most a second: -1 and ETIMEDOUT then. The caller closes it. */
int demo_accept(int listener);

/* The greatest packet that a connected socket's way takes, in bytes; 0 where no call tells it. */
int demo_path_mtu(int fd);

/*
 * The state, by RFC 9293's name ("SYN_SENT" for SYN-SENT), of the socket between these two ports of
 * this machine (host byte order), as Linux lists it in /proc/net/tcp; even if no process holds it
 * any more. "none" if there is no such socket, NULL if there is no such list.
 */
const char *demo_tcp_listed(uint16_t local_port, uint16_t remote_port);

/* The name of a state that Linux's TCP_INFO (tcpi_state) or /proc/net/tcp gives as a number. */
const char *demo_tcp_state_name(unsigned state);

/* The number in a file of Linux's /proc/sys; -1 if it cannot be read. */
long demo_number(const char *path);

#endif
