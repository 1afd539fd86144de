#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX.1-2008 has no SO_REUSEPORT");
}

const struct demo demo_inet_reuseport = {
	.name = "inet-reuseport",
	.summary = "listeners share a port, and the kernel deals out to them",
	.run = run,
};
