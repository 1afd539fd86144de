#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "SO_PEERCRED and SO_PASSCRED are Linux's, not POSIX's");
}

const struct demo demo_credentials = {
	.name = "unix-credentials",
	.summary = "the kernel vouches for who connected, and who sent",
	.run = run,
};
