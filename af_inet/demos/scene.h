#ifndef AF_INET_DEMOS_SCENE_H
#define AF_INET_DEMOS_SCENE_H

#include "demos/sockets.h"

/* What this folder's demonstrations ask first. */

/* Can 127.0.0.1 be reached on this machine? If not (the interface lo is down), that is skipped. */
bool demo_inet_here(struct narrator *narrator);

#endif
