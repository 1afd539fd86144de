#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "SO_PASSCRED, which tells them apart, is Linux's, not POSIX's");
}

const struct demo demo_empty_record = {
	.name = "unix-empty-record",
	.summary = "recv gives 0 for an empty record and for the end",
	.run = run,
};
