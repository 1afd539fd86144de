#ifndef NET_RECORD_H
#define NET_RECORD_H

#include "net/kind.h"

#include <stddef.h>
#include <sys/socket.h>

/*
 * Room for the control message that carries a sender's credentials (unix(7)), and none for more: so
 * the kernel drops descriptors that a peer passes unasked, instead of opening them here.
 */
#define RECORD_CONTROL CMSG_SPACE(3 * sizeof(int))

/* Closes descriptors that a peer passed, where no credentials of the system took their room. */
void record_drop_descriptors(struct msghdr *message);

/* What a connection may bring. */
enum record {
	RECORD_NONE,     /* nothing now (EAGAIN) */
	RECORD_MESSAGE,  /* bytes of a stream, or one record whole, which may be empty */
	RECORD_END,      /* the peer has shut down its sending side */
	RECORD_TOO_LONG, /* a record that did not fit; what arrived of it is not a message */
	RECORD_BROKEN,   /* errno */
};

/*
 * recv(2) on a non-blocking socket that has a peer, with an empty record told from the end: both
 * are 0 to recv(2), but a record brings a control message where the family asked for one
 * (SO_PASSCRED). There is no room for it: that it is cut (MSG_CTRUNC) says enough, and descriptors
 * that a peer passes unasked are never opened here. Where the system has no such thing, an empty
 * record counts as the end.
 */
enum record record_receive(int fd, const struct kind *kind, void *bytes, size_t room,
			   size_t *length);

#endif
