#ifndef AF_UNIX_CLAIM_H
#define AF_UNIX_CLAIM_H

#include "net/family.h"

/*
 * A path in the file system as a name that one server has at a time.
 *
 * unlink(2) and bind(2) alone let several starters believe that they serve. So: PATH.lock is locked
 * for as long as the name is held; whoever has the lock asks the socket at PATH whether anybody
 * answers there, removes it only if not, and binds. At the end both are removed, if they are
 * still ours. Nothing that is not a socket is ever removed.
 *
 * Fails with STATUS_CANNOT_LISTEN where the path is taken, STATUS_NOT_PERMITTED where
 * it may not be.
 */
int claim_path(int fd, const struct endpoint *endpoint, const struct listen_options *options,
	       struct claim **claim, struct error *error);

/*
 * A name for a datagram client where the system gives none by itself: a file in a
 * folder of its own.
 */
int claim_private(int fd, struct claim **claim, struct error *error);

void claim_release(struct claim *claim);

#endif
