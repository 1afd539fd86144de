#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "what bounds a message is not POSIX's to say; this is Linux's way");
}

const struct demo demo_largest = {
	.name = "unix-largest",
	.summary = "the greatest message, found by search, and one byte more",
	.run = run,
};
