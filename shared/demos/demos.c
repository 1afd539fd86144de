#include "demos/demos.h"

#include <stddef.h>

/* In the order of --list. To add one: its file here, a line in demos.h, a line below. */
const struct demo *const shared_demos[] = {
	NULL,
};
