#ifndef SERVER_UNREAD_H
#define SERVER_UNREAD_H

#include "net/family.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Fair shares of a datagram socket's send buffer, where the replies that a client has not read stay
 * charged to it (AF_UNIX): without them one client that never reads would mute the server for all.
 *
 * The kernel tells how much is unread in all, and not by whom. So each client's share is an
 * estimate: what it was sent, less what must have been read because the sum is larger than the
 * kernel's figure. That is credited to those who hold the least first, so that whoever never reads
 * ends up with what is left. While little is unread in all, nothing is counted.
 */
struct unread;

/*
 * For the socket FD; *UNREAD becomes NULL where the family cannot tell, and then nothing is counted.
 * -1 with errno where there is no memory.
 */
int unread_new(struct unread **unread, const struct family *family, int fd);
void unread_free(struct unread *unread);

/* May this address be sent SIZE bytes now? If not, others need what room is left. */
bool unread_may_send(struct unread *unread, const void *address, socklen_t length, size_t size);

/* It was sent a reply of SIZE bytes. */
void unread_sent(struct unread *unread, const void *address, socklen_t length, size_t size);

#endif
