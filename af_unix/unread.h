#ifndef AF_UNIX_UNREAD_H
#define AF_UNIX_UNREAD_H

#include <stddef.h>

/*
 * struct family's unread: messages that were sent from FD and that nobody has read yet stay charged
 * to its send buffer. max_dgram_qlen bounds them, but not those to a peer that is connected to us.
 */
int unread_measure(int fd, size_t *taken, size_t *room);

#endif
