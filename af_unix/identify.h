#ifndef AF_UNIX_IDENTIFY_H
#define AF_UNIX_IDENTIFY_H

#include "net/family.h"

/*
 * Has the kernel say with each record and datagram who sent it (SO_PASSCRED). A record then brings
 * a control message and the end of the connection does not, which tells an empty record from it.
 */
int identify_ask(int fd, struct error *error);

/* struct family's identify: as it was at connect(2), unix(7). -1 where the system cannot tell. */
int identify_peer(int fd, struct identity *identity);

/* struct family's tell: who sent a datagram (SCM_CREDENTIALS), where the system says it. */
void identify_sender(struct msghdr *message, const struct endpoint *bound, struct told *told);

/*
 * May a server with its own rights write to the path that this datagram says it came from? A sender
 * can put a symbolic link there, to a socket that it may not reach itself. NULL, or why not. Where
 * the answer must go to the very file that was looked at, *MESSAGE's address is changed to that,
 * and *HOLD is its descriptor, for the caller to close once the answer is sent.
 */
const char *identify_reply_path(struct msghdr *message, int *hold);

#endif
