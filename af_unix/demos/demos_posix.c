#include "af_unix/demos/demos.h"

/* What only Linux has, in a build without it: each demonstration says why it is not shown. */

void demo_abstract(struct narrator *narrator)
{
	demo_skip(narrator, "abstract names are Linux's, not POSIX's");
}

void demo_autobind(struct narrator *narrator)
{
	demo_skip(narrator, "binding the bare family is Linux's, not POSIX's");
}

void demo_backlog(struct narrator *narrator)
{
	demo_skip(narrator, "what a backlog holds is not POSIX's to say; this is Linux's way");
}

void demo_empty_record(struct narrator *narrator)
{
	demo_skip(narrator, "SO_PASSCRED, which tells them apart, is Linux's, not POSIX's");
}

void demo_largest(struct narrator *narrator)
{
	demo_skip(narrator, "what limits a message is not POSIX's to say; this is Linux's way");
}

void demo_credentials(struct narrator *narrator)
{
	demo_skip(narrator, "SO_PEERCRED and SO_PASSCRED are Linux's, not POSIX's");
}
