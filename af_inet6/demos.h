#ifndef AF_INET6_DEMOS_H
#define AF_INET6_DEMOS_H

#include "net/demo.h"

extern const struct demo *const af_inet6_demos[]; /* up to a NULL */

#endif
