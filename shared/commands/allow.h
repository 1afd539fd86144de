#ifndef COMMANDS_ALLOW_H
#define COMMANDS_ALLOW_H

#include "server/server.h"

#include <sys/types.h>

/* --allow-uid and --allow-gid: who may connect, where the kernel vouches for who a peer is. */

#define ALLOW_MOST 64 /* of each */

struct allow {
	const char *uid_list, *gid_list; /* as given, "root,1000"; NULL: not given */
	uid_t uids[ALLOW_MOST];
	gid_t gids[ALLOW_MOST];
	struct allowed allowed;
};

/*
 * Reads the lists; *ALLOWED becomes what they let in, or NULL if there are none: all. Fails with
 * STATUS_USAGE for what is not a list, and where this system tells of no peer who it is, for then
 * nobody could be let in.
 */
int allow_read(struct allow *allow, const struct allowed **allowed, struct error *error);

#endif
