#ifndef DEMOS_LANE_H
#define DEMOS_LANE_H

#include "base/folder.h"
#include "demos/sockets.h"
#include "net/kind.h"

#include <stddef.h>

#define DEMO_FILE (FOLDER_TEXT + 32)

/*
 * A lane is a family with one of its types. For demonstrations that do the same on several: each
 * lane has two addresses that nobody else uses, and all that differs between the families, for
 * bind(2) and connect(2), is in them.
 */
struct demo_lane {
	char name[32]; /* "unix+stream" */
	const char *family, *type;
	int domain, socktype; /* for socket(2) */
	bool first;           /* of those that this machine has: for what is shown once */
	/* For bind(2): a path, or the loopback address and port 0. */
	struct demo_place server, client;
	char files[2][DEMO_FILE]; /* what bind(2) makes of a path */
};

/* Every type: a set of kinds (net/kind.h), as TYPES below. */
#define DEMO_ALL_TYPES (KIND_STREAM | KIND_DGRAM | KIND_SEQPACKET)

/*
 * Does ATTEMPT on every lane of these types, in the order of the families. A lane that this machine
 * does not have (no IPv6, say) is skipped by name. Returns false, after a claim, if there is no
 * memory for them.
 */
bool demo_each_lane(struct narrator *narrator, unsigned types,
		    void (*attempt)(struct narrator *narrator, const struct demo_lane *lane));

/*
 * The same with two sockets of the lane, connected to each other (with datagrams, too). They are
 * closed afterwards; if ATTEMPT closes one itself, it leaves -1 in its place. Where they cannot be
 * opened, that is claimed, and the next lane's turn comes.
 */
bool demo_each_pair(struct narrator *narrator, unsigned types,
		    void (*attempt)(struct narrator *narrator, const struct demo_lane *lane,
				    struct demo_pair *pair));

/* The same in single steps, for demonstrations that compare lanes. */
struct demo_lanes {
	struct demo_lane *items;
	size_t count;
	const char
		*folder; /* where the paths are; NULL: there is none, and so no lane that has one */
};

/* Finds the lanes, as above. End it with demo_lanes_close(). */
bool demo_lanes_open(struct narrator *narrator, unsigned types, struct demo_lanes *lanes);
void demo_lanes_close(struct demo_lanes *lanes);

/*
 * Opens such two sockets. Returns whether it worked; if not, that has been claimed, and nothing is
 * open. The caller ends it with demo_pair_close() and demo_lane_end().
 */
bool demo_lane_pair(struct narrator *narrator, const struct demo_lane *lane,
		    struct demo_pair *pair);

/*
 * A socket of the lane, bound to its server's address; -1, after a claim, if that failed. It is for
 * the caller to close, before demo_lane_end(), and to limit: demo_limit(), or alarm(2) in a child.
 */
int demo_lane_bound(struct narrator *narrator, const struct demo_lane *lane);

/* Removes the files that bind(2) has made for these addresses, if any. */
void demo_lane_end(const struct demo_lane *lane);

#endif
