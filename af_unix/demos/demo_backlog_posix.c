#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "what a backlog holds is not POSIX's to say; this is Linux's way");
}

const struct demo demo_backlog = {
	.name = "unix-backlog",
	.summary = "a backlog of n holds n + 1, then connect says EAGAIN",
	.run = run,
};
