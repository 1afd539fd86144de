#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "abstract names are Linux's, not POSIX's");
}

const struct demo demo_abstract = {
	.name = "unix-abstract",
	.summary = "a name without a file: a NUL first, gone with its socket",
	.run = run,
};
