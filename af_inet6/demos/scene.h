#ifndef AF_INET6_DEMOS_SCENE_H
#define AF_INET6_DEMOS_SCENE_H

#include "demos/sockets.h"

/* What this folder's demonstrations begin with: is there IPv6, and an address. */

/* Does this machine have IPv6, with ::1? If not, that is skipped. */
bool demo_inet6_here(struct narrator *narrator);

/* The address of this literal, without a zone, and port (host byte order, 0: any). */
struct sockaddr_in6 demo_inet6_address(const char *literal, uint16_t port);

#endif
