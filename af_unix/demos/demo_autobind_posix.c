#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "to bind the family alone is Linux's, not POSIX's");
}

const struct demo demo_autobind = {
	.name = "unix-autobind",
	.summary = "bind the family alone, and the kernel gives a name",
	.run = run,
};
