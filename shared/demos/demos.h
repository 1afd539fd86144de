#ifndef DEMOS_DEMOS_H
#define DEMOS_DEMOS_H

#include "net/demo.h"

/* Demonstrations that compare families. A family's own are in its folder. */
extern const struct demo *const shared_demos[]; /* up to a NULL */

#endif
