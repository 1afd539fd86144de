#ifndef AF_INET6_DEMOS_SCENE_H
#define AF_INET6_DEMOS_SCENE_H

#include "demos/demo.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* What the demonstrations with IPv6 sockets repeat. */

/* Has this machine IPv6, with ::1? If not, that is skipped. */
bool demo_inet6_here(struct narrator *narrator);

/* The address of this literal and port (host byte order, 0: any). */
struct sockaddr_in6 demo_inet6_address(const char *literal, uint16_t port);

/*
 * A socket of TYPE bound to this address; *ADDRESS becomes what it really is. -1, after a claim, if
 * that failed. No call on it waits for more than a second. The caller closes it.
 */
int demo_inet6_bound(struct narrator *narrator, int type, struct sockaddr_in6 *address);

/* No call on FD waits for more than a second from now on, so that no demonstration can hang. */
void demo_inet6_limit(int fd);

/* "[::1]:40123", "[fe80::1%2]:7" with the zone's number; in one of two buffers, in turn. */
const char *demo_inet6_text(const struct sockaddr_in6 *address);

#endif
