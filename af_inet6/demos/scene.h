#ifndef AF_INET6_DEMOS_SCENE_H
#define AF_INET6_DEMOS_SCENE_H

#include "demos/sockets.h"

/* What several of this folder's demonstrations need. */

/* Does this machine have IPv6, with ::1? If not, that is skipped. */
bool demo_inet6_here(struct narrator *narrator);

/* The address of this literal, without a zone, and port (host byte order, 0: any). */
struct sockaddr_in6 demo_inet6_address(const char *literal, uint16_t port);

/*
 * recvmsg(2) of a byte, after a second at most: copies its control message of this TYPE of
 * IPPROTO_IPV6 to VALUE, and the sender's address to PEER. Returns whether there was one; VALUE is
 * left alone if not.
 */
bool demo_inet6_receive(int fd, struct sockaddr_in6 *peer, int type, void *value, size_t size);

/* sendmsg(2) of BYTE with such a control message; 1, or -1 with errno. */
ssize_t demo_inet6_send(int fd, const struct sockaddr_in6 *peer, char byte, int type,
			const void *value, size_t size);

#endif
