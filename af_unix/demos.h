#ifndef AF_UNIX_DEMOS_H
#define AF_UNIX_DEMOS_H

#include "net/demo.h"

extern const struct demo *const af_unix_demos[]; /* up to a NULL */

#endif
