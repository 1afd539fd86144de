#ifndef DEMOS_LANE_H
#define DEMOS_LANE_H

#include "demos/demo.h"
#include "net/family.h"

#include <sys/socket.h>

/*
 * A lane is a family with one of its types. For demonstrations that do the same on several: each
 * lane has two addresses that nobody else uses, and all that differs between the families, for
 * bind(2) and connect(2), is in them.
 */

struct place {
	struct sockaddr_storage address;
	socklen_t length;
};

struct lane {
	char name[32]; /* "unix+stream" */
	const char *family;
	const char *type;
	int domain, socktype;        /* for socket(2) */
	struct place server, client; /* for bind(2): a path, or the loopback address and port 0 */
};

#define LANES_FOLDER 80

struct lanes {
	struct lane *items;
	size_t count;
	char folder[LANES_FOLDER]; /* where the paths are */
};

/* Which types are wanted. */
enum {
	LANES_STREAM = KIND_STREAM,
	LANES_DGRAM = KIND_DGRAM,
	LANES_SEQPACKET = KIND_SEQPACKET,
	LANES_ALL = LANES_STREAM | LANES_DGRAM | LANES_SEQPACKET,
};

/*
 * Finds every lane of these types. One that this machine does not have (no IPv6, say) is skipped by
 * name. Returns false, after a claim, if there is no folder to work in. End it with lanes_close().
 */
bool lanes_open(struct lanes *lanes, unsigned types, struct narrator *narrator);

/* Removes the folder and what is left in it. */
void lanes_close(struct lanes *lanes);

/* Removes the files that bind(2) has made for these addresses, if any. */
void lane_unlink(const struct lane *lane);

/*
 * Two connected sockets, or for datagrams two sockets that each know the other: SENDER was the one
 * to connect. Neither waits for more than a second. Returns false, after a claim, if that failed;
 * then nothing is open.
 */
struct lane_pair {
	int sender, receiver;
};

bool lane_pair_open(struct lane_pair *pair, const struct lane *lane, struct narrator *narrator);
void lane_pair_close(struct lane_pair *pair, const struct lane *lane);

/* No call on FD waits for more than a second from now on, so that no demonstration can hang. */
void lane_limit(int fd);

/* The address that FD has; what port 0 or a path became. */
struct place lane_place(int fd);

/* "127.0.0.1:40123", "a path", in a buffer of the calling thread. */
const char *lane_place_text(const struct place *place);

/* Closes what is open: -1 is no descriptor. */
void lane_close(int fd);

#endif
