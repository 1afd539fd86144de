#include "demos/lane.h"
#include "demos/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FLOOD 4000 /* messages: more than any of the queues holds */
#define SIZE 500   /* bytes of each */

/* What was found by trying, on one lane. */
struct found {
	bool boundaries, order;
	bool held_back;    /* the sender, when the queue was full */
	size_t sent, lost; /* bytes of the flood */
	bool name_known;   /* the receiver sees the very name that the sender has */
	char name[24];
	int stranger; /* what connect(2) says to one without permission; -1: not tried */
};

static bool is_udp(const struct lane *lane)
{
	return lane->domain != AF_UNIX && lane->socktype == SOCK_DGRAM;
}

static bool has_four(void *receiver)
{
	char buffer[16];
	return recv(*(int *)receiver, buffer, sizeof(buffer), MSG_PEEK | MSG_DONTWAIT) == 4;
}

/* Two messages of 2 bytes; the first recv(2) has room for 4, and does a message end it? */
static void try_boundaries(const struct lane *lane, struct lane_pair *pair, struct found *found)
{
	char buffer[8] = "";
	send(pair->sender, "ab", 2, MSG_NOSIGNAL);
	send(pair->sender, "cd", 2, MSG_NOSIGNAL);
	if (lane->socktype == SOCK_STREAM)
		demo_eventually(has_four, &pair->receiver);
	ssize_t first = recv(pair->receiver, buffer, 4, 0);
	found->boundaries = first == 2;
	if (found->boundaries)
		recv(pair->receiver, buffer + 2, 4, 0);
	found->order = memcmp(buffer, "abcd", 4) == 0;
}

/* Sends without waiting until there is no more room, or enough; then reads all there is. */
static void try_flood(const struct lane *lane, const struct lane_pair *pair, struct found *found)
{
	char message[SIZE] = "", received[1 << 14];
	size_t arrived = 0;
	int small = 1 << 16;
	ssize_t count;
	setsockopt(pair->receiver, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	setsockopt(pair->sender, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	for (int i = 0; i < FLOOD && !found->held_back; i++) {
		count = send(pair->sender, message, sizeof(message), MSG_DONTWAIT | MSG_NOSIGNAL);
		if (count > 0)
			found->sent += (size_t)count;
		else
			found->held_back = errno == EAGAIN;
	}
	/* a stream may still be on its way, and is waited for; a datagram is there or is not */
	int flags = lane->socktype == SOCK_STREAM ? 0 : MSG_DONTWAIT;
	while (arrived < found->sent &&
	       (count = recv(pair->receiver, received, sizeof(received), flags)) > 0)
		arrived += (size_t)count;
	found->lost = found->sent - arrived;
}

static void try_name(const struct lane_pair *pair, struct found *found)
{
	struct place own = lane_place(pair->sender), seen = { .length = sizeof(seen.address) };
	getpeername(pair->receiver, (struct sockaddr *)&seen.address, &seen.length);
	found->name_known =
		own.length == seen.length && memcmp(&own.address, &seen.address, own.length) == 0;
	const char *text = lane_place_text(&seen), *slash = strrchr(text, '/');
	snprintf(found->name, sizeof(found->name), "%s", slash ? slash + 1 : text);
}

/*
 * A path that nobody may write to is closed to all but the superuser; who is that tries as somebody
 * else (who may enter the folder, so that it is the socket's own mode that counts).
 */
static int try_stranger(const struct lane *lane, const char *folder)
{
	const char *path = ((const struct sockaddr_un *)&lane->server.address)->sun_path;
	bool superuser = geteuid() == 0;
	int number = -1;
	int listener = socket(lane->domain, lane->socktype, 0);
	int caller = socket(lane->domain, lane->socktype, 0);
	if (listener != -1 && caller != -1 &&
	    bind(listener, (const struct sockaddr *)&lane->server.address, lane->server.length) ==
		    0 &&
	    chmod(path, 0) == 0 && chmod(folder, 0711) == 0 &&
	    (lane->socktype == SOCK_DGRAM || listen(listener, 1) == 0) &&
	    (!superuser || seteuid(65534) == 0)) {
		number = connect(caller, (const struct sockaddr *)&lane->server.address,
				 lane->server.length) == -1
				 ? errno
				 : 0;
		if (superuser && seteuid(0) == -1)
			number = -1;
	}
	lane_close(listener);
	lane_close(caller);
	lane_unlink(lane);
	return number;
}

static void try_lane(const struct lane *lane, const char *folder, struct found *found,
		     struct narrator *narrator)
{
	struct lane_pair pair;
	*found = (struct found){ .stranger = -1 };
	if (!lane_pair_open(&pair, lane, narrator))
		return;
	try_boundaries(lane, &pair, found);
	try_name(&pair, found);
	try_flood(lane, &pair, found);
	lane_pair_close(&pair, lane);
	if (lane->domain == AF_UNIX)
		found->stranger = try_stranger(lane, folder);

	demo_show(narrator, "%-15s %-10s %-10s %-16s %-13s %s", lane->name,
		  found->boundaries ? "kept" : "none",
		  is_udp(lane)   ? "may change"
		  : found->order ? "kept"
				 : "changed",
		  found->held_back ? "the sender waits" : "loses messages",
		  lane->domain == AF_UNIX ? "by file mode" : "all who reach", found->name);
}

static void claim_all(struct narrator *narrator, const struct lanes *lanes, const struct found *all)
{
	bool boundaries = true, held = true, names = true;
	size_t sent = 0, lost = 0;
	char kept[256] = "";
	for (size_t i = 0; i < lanes->count; i++) {
		const struct lane *lane = &lanes->items[i];
		const struct found *found = &all[i];
		boundaries = boundaries && found->boundaries == (lane->socktype != SOCK_STREAM);
		if (found->boundaries)
			snprintf(kept + strlen(kept), sizeof(kept) - strlen(kept), " %s",
				 lane->name);
		names = names && found->name_known;
		if (is_udp(lane)) {
			demo_claim(narrator, !found->held_back && found->lost > 0,
				   "%s: a full queue is not told: %zu bytes sent, %zu of them lost",
				   lane->name, found->sent, found->lost);
			continue;
		}
		held = held && found->held_back && found->order;
		sent += found->sent;
		lost += found->lost;
		if (lane->domain == AF_UNIX && found->stranger == -1)
			demo_skip(narrator, "%s: this user cannot try as another", lane->name);
		else if (lane->domain == AF_UNIX)
			demo_claim(narrator, found->stranger == EACCES,
				   "%s: connecting needs permission to write: %s", lane->name,
				   demo_errno(found->stranger));
	}
	demo_claim(narrator, boundaries, "boundaries are kept on all but streams:%s", kept);
	demo_claim(narrator, held && sent > 0 && lost == 0,
		   "all others hold the sender back: %zu bytes sent, %zu of them lost", sent, lost);
	demo_claim(narrator, names, "the receiver sees the name that the sender has: %s",
		   names ? "on all" : "not on all, see the table");
}

static void run(struct narrator *narrator)
{
	struct lanes lanes;
	demo_say(narrator,
		 "What can one rely on? Tried on each: are two messages still two, does a full");
	demo_say(narrator,
		 "queue make the sender wait or lose, who may connect, what name has the peer.");
	if (!lanes_open(&lanes, LANES_ALL, narrator))
		return;
	struct found *found = calloc(lanes.count, sizeof(*found));
	if (!demo_must(narrator, found ? 0 : -1, "calloc")) {
		lanes_close(&lanes);
		return;
	}
	demo_show(narrator, "%-15s %-10s %-10s %-16s %-13s %s", "", "boundaries", "order",
		  "a full queue", "who may", "the peer's name");
	for (size_t i = 0; i < lanes.count; i++)
		try_lane(&lanes.items[i], lanes.folder, &found[i], narrator);
	claim_all(narrator, &lanes, found);
	free(found);
	lanes_close(&lanes);
	demo_say(narrator,
		 "UDP's order is what networks may change; on one machine it is seldom seen to.");
	demo_say(narrator,
		 "A name is not who: a unix peer often has none, but the kernel knows its");
	demo_say(narrator, "process and user; an inet peer is an address, and whoever uses that.");
}

const struct demo demo_promises = {
	.name = "promises",
	.summary = "what each lane promises: a table, found by trying",
	.run = run,
};
