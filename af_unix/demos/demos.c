#include "af_unix/demos/demos.h"

#include <stddef.h>

/* In the order of --list; demo.h tells how to add one. */
const struct demo af_unix_demos[] = {
	{ "unix-socketpair", "two connected sockets, both ways, without a name", demo_socketpair },
	{ "unix-dgram-unnamed", "a datagram from no name cannot be answered", demo_dgram_unnamed },
	{ "unix-types", "connecting to a socket of another type: EPROTOTYPE", demo_types },
	{ "unix-abstract", "a name without a file, gone with its socket", demo_abstract },
	{ "unix-autobind", "bind the bare family, and the kernel picks a name", demo_autobind },
	{ "unix-path-length", "a path has a limit; cutting it binds another name",
	  demo_path_length },
	{ "unix-permissions", "the mode of the socket's file says who may connect",
	  demo_permissions },
	{ "unix-stale-file", "a server's file outlives it: lock, look, remove", demo_stale_file },
	{ "unix-rename", "the file is only the way to the socket", demo_rename },
	{ "unix-backlog", "a backlog of n holds n + 1; then connect: EAGAIN", demo_backlog },
	{ "unix-reset", "close() with bytes unread resets the connection", demo_reset },
	{ "unix-empty-record", "recv() gives 0 for an empty record and for the end",
	  demo_empty_record },
	{ "unix-dgram-queue", "a full queue refuses a datagram and loses none", demo_dgram_queue },
	{ "unix-largest", "the largest message, and one byte more", demo_largest },
	{ "unix-credentials", "the kernel vouches for who connected, and who sent",
	  demo_credentials },
	{ "unix-descriptor-passing", "SCM_RIGHTS passes the open file, not its number",
	  demo_descriptor_passing },
	{ NULL, NULL, NULL },
};
