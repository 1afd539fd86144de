#ifndef AF_INET_DEMOS_H
#define AF_INET_DEMOS_H

#include "net/demo.h"

extern const struct demo *const af_inet_demos[]; /* up to a NULL */

#endif
