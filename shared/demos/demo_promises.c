#include "demos/demos.h"

#include "demos/lane.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLOOD 4000 /* messages: more than any of the queues holds */
#define SIZE 500   /* bytes of each */

/* What was found by trying, on one lane. */
struct found {
	bool boundaries, order;
	bool held_back;    /* the sender, when the queue was full */
	size_t sent, lost; /* bytes of the flood */
	bool name_known;   /* the server sees the very name that the client has */
	char name[24];
	int stranger; /* what connect(2) says to a user without permission; -1: not tried */
};

static bool is_udp(const struct demo_lane *lane)
{
	return lane->domain != AF_UNIX && lane->socktype == SOCK_DGRAM;
}

/* Two messages of 2 bytes; the first recv(2) has room for 4: does a message end it? */
static void try_boundaries(const struct demo_lane *lane, struct demo_pair *pair,
			   struct found *found)
{
	char buffer[8] = "";
	send(pair->client, "ab", 2, MSG_NOSIGNAL);
	send(pair->client, "cd", 2, MSG_NOSIGNAL);
	if (lane->socktype == SOCK_STREAM)
		demo_arrived(pair->server, 4);
	ssize_t first = demo_receive(pair->server, buffer, 4, 0);
	found->boundaries = first == 2;
	if (found->boundaries)
		demo_receive(pair->server, buffer + 2, 4, 0);
	found->order = memcmp(buffer, "abcd", 4) == 0;
}

/* Sends without waiting until there is no more room, or FLOOD is out; then reads all there is. */
static void try_flood(const struct demo_lane *lane, const struct demo_pair *pair,
		      struct found *found)
{
	char message[SIZE] = "", received[1 << 14];
	size_t arrived = 0;
	int last = -1, number;
	int small = 1 << 16;
	ssize_t count;
	setsockopt(pair->server, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	setsockopt(pair->client, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	for (int i = 0; i < FLOOD && !found->held_back; i++) {
		memcpy(message, &i, sizeof(i));
		count = send(pair->client, message, sizeof(message), MSG_DONTWAIT | MSG_NOSIGNAL);
		if (count > 0)
			found->sent += (size_t)count;
		else
			found->held_back = errno == EAGAIN;
	}
	/* a stream may still be on its way, and is waited for; a datagram is there or is not */
	while (arrived < found->sent &&
	       (lane->socktype != SOCK_STREAM || demo_readable(pair->server)) &&
	       (count = recv(pair->server, received, sizeof(received), MSG_DONTWAIT)) > 0) {
		/* messages that are kept apart have a number; of a stream try_boundaries() tells */
		if (found->boundaries) {
			memcpy(&number, received, sizeof(number));
			found->order = found->order && number > last;
			last = number;
		}
		arrived += (size_t)count;
	}
	found->lost = found->sent - arrived;
}

static void try_name(const struct demo_pair *pair, struct found *found)
{
	struct demo_place own = demo_place(pair->client);
	struct demo_place seen = { .length = sizeof(seen.address) };
	getpeername(pair->server, (struct sockaddr *)&seen.address, &seen.length);
	found->name_known =
		own.length == seen.length && memcmp(&own.address, &seen.address, own.length) == 0;
	const char *text = demo_text(&seen.address, seen.length), *slash = strrchr(text, '/');
	snprintf(found->name, sizeof(found->name), "%s", slash ? slash + 1 : text);
}

/* connect(2) by another user, as whom the superuser can act for a moment. */
static int call_as_stranger(const struct demo_lane *lane, const struct demo_place *at)
{
	bool superuser = geteuid() == 0;
	if (superuser ? seteuid(65534) == -1 : lane->domain != AF_UNIX)
		return -1;
	int number = demo_knock(lane->socktype, &at->address, at->length);
	return superuser && seteuid(0) == -1 ? -1 : number;
}

/*
 * A path that nobody may write to is closed to all but the superuser, its owner too. The folder
 * lets everybody in, so that it is the socket's own mode that counts.
 */
static int try_stranger(struct narrator *narrator, const struct demo_lane *lane, const char *folder)
{
	int number = -1;
	int listener = demo_lane_bound(narrator, lane);
	if (listener == -1)
		return -1;
	struct demo_place at = demo_place(listener);
	if ((lane->domain != AF_UNIX ||
	     (chmod(lane->files[0], 0) == 0 && chmod(folder, 0711) == 0)) &&
	    (lane->socktype == SOCK_DGRAM || listen(listener, 1) == 0))
		number = call_as_stranger(lane, &at);
	close(listener);
	demo_lane_end(lane);
	return number;
}

static const char *who_may(const struct found *found)
{
	return found->stranger == -1       ? "not tried"
	       : found->stranger == 0      ? "anybody"
	       : found->stranger == EACCES ? "by file mode"
					   : "nobody";
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane, const char *folder,
		     struct found *found)
{
	struct demo_pair pair;
	*found = (struct found){ .stranger = -1 };
	if (!demo_lane_pair(narrator, lane, &pair))
		return;
	try_boundaries(lane, &pair, found);
	try_name(&pair, found);
	try_flood(lane, &pair, found);
	demo_pair_close(&pair);
	demo_lane_end(lane);
	found->stranger = try_stranger(narrator, lane, folder);

	demo_show(narrator, "%-15s %-10s %-7s %-7s %-12s %s", lane->name,
		  found->boundaries ? "kept" : "none", found->order ? "kept" : "changed",
		  found->held_back ? "waits" : "loses", who_may(found), found->name);
}

static void claim_all(struct narrator *narrator, const struct demo_lanes *lanes,
		      const struct found *all)
{
	bool boundaries = true, held = true, names = true;
	size_t sent = 0, lost = 0;
	char kept[512] = "";
	for (size_t i = 0; i < lanes->count; i++) {
		const struct demo_lane *lane = &lanes->items[i];
		const struct found *found = &all[i];
		boundaries = boundaries && found->boundaries == (lane->socktype != SOCK_STREAM);
		if (found->boundaries)
			snprintf(kept + strlen(kept), sizeof(kept) - strlen(kept), " %s",
				 lane->name);
		names = names && found->name_known;
		if (found->stranger == -1)
			demo_skip(narrator, "%s: not tried as another user, which only root can be",
				  lane->name);
		else if (lane->domain == AF_UNIX)
			demo_claim(narrator, found->stranger == EACCES,
				   "%s: connecting needs permission to write: %s", lane->name,
				   demo_errno(found->stranger));
		else
			demo_claim(narrator, found->stranger == 0,
				   "%s: another user may connect: %s", lane->name,
				   demo_errno(found->stranger));
		if (is_udp(lane)) {
			demo_claim(narrator, !found->held_back && found->lost > 0,
				   "%s: the sender is not told of a full queue: %zu bytes sent, "
				   "%zu lost",
				   lane->name, found->sent, found->lost);
			continue;
		}
		held = held && found->held_back && found->order;
		sent += found->sent;
		lost += found->lost;
	}
	demo_claim(narrator, boundaries, "message boundaries are kept on all but streams:%s", kept);
	demo_claim(narrator, held && sent > 0 && lost == 0,
		   "all others hold the sender back: %zu bytes sent, %zu lost", sent, lost);
	demo_claim(narrator, names, "the server sees the very name that the client has: %s",
		   names ? "on all" : "not on all, see the table");
}

void demo_promises(struct narrator *narrator)
{
	struct demo_lanes lanes;
	demo_say(narrator, "What can you rely on? This is tried on each family and type: do two "
			   "messages stay two, does a full queue make the sender wait or lose "
			   "messages, who may connect, and by what name is the peer known?");
	if (!demo_lanes_open(narrator, DEMO_ALL_TYPES, &lanes))
		return;
	struct found *found = calloc(lanes.count + 1, sizeof(*found));
	if (demo_must(narrator, found ? 0 : -1, "calloc")) {
		demo_show(narrator, "%-15s %-10s %-7s %-7s %-12s %s", "", "boundaries", "order",
			  "if full", "who may", "peer's name");
		for (size_t i = 0; i < lanes.count; i++)
			try_lane(narrator, &lanes.items[i], lanes.folder, &found[i]);
		claim_all(narrator, &lanes, found);
		free(found);
	}
	demo_lanes_close(&lanes);
	demo_say(narrator,
		 "UDP's order is for networks to change; on one machine that is seldom seen. A "
		 "name is no identity: a unix peer often has none, but the kernel knows its "
		 "process and user; an inet peer is an address, and whoever uses it.");
}
