#include "af_inet/demos.h"

#include <stddef.h>

/* In the order of --list. To add one: its file here, a line in demos.h, a line below. */
const struct demo *const af_inet_demos[] = {
	NULL,
};
