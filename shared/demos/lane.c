#include "demos/lane.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static bool make_folder(char folder[LANES_FOLDER])
{
	const char *temporary = getenv("TMPDIR");
	if (!temporary || *temporary != '/' || strlen(temporary) > LANES_FOLDER - 20)
		temporary = "/tmp";
	snprintf(folder, LANES_FOLDER, "%s/sockfam.XXXXXX", temporary);
	return mkdtemp(folder) != NULL;
}

/* An address that nobody else has: a path in the folder, or port 0, whatever the family takes. */
static bool find_place(struct place *place, const struct lane *lane, const struct family *family,
		       const struct kind *kind, const char *folder, const char *side)
{
	char name[32], text[FAMILY_TEXT];
	struct endpoint_list list = { 0 };
	struct error error;
	*place = (struct place){ .length = 0 };
	snprintf(name, sizeof(name), "%s.%s", lane->type, side);
	family->fresh(folder, name, text, sizeof(text));
	if (family->resolve(text, kind, &list, &error) == 0) {
		place->address = list.items[0].address;
		place->length = list.items[0].length;
	}
	endpoint_list_free(&list);
	return place->length > 0;
}

/*
 * An address of this machine can be bound and yet not be reached, where the loopback interface is
 * down. connect(2) of a datagram socket finds that out, and sends nothing. 0 or errno.
 */
static int try_way(int domain, const struct place *place)
{
	int fd = socket(domain, SOCK_DGRAM, 0);
	if (fd == -1)
		return errno;
	int result = connect(fd, (const struct sockaddr *)&place->address, place->length);
	int number = result == -1 ? errno : 0;
	close(fd);
	return number;
}

/* 0 if a socket of this lane can be had, bound and reached here; else errno. */
static int try_lane(const struct lane *lane)
{
	int number = 0;
	int fd = socket(lane->domain, lane->socktype, 0);
	if (fd == -1)
		return errno;
	if (bind(fd, (const struct sockaddr *)&lane->server.address, lane->server.length) == -1) {
		number = errno;
	} else if (lane->domain != AF_UNIX) {
		struct place bound = lane_place(fd);
		number = try_way(lane->domain, &bound);
	}
	close(fd);
	lane_unlink(lane);
	return number;
}

/* Appends the lane, if it is here. Whether there was memory for it. */
static bool add_lane(struct lanes *lanes, const struct family *family, const struct kind *kind,
		     struct narrator *narrator)
{
	struct lane *items = realloc(lanes->items, (lanes->count + 1) * sizeof(*items));
	if (!demo_must(narrator, items ? 0 : -1, "realloc"))
		return false;
	lanes->items = items;
	struct lane *lane = &items[lanes->count];
	lane->family = family->name;
	lane->type = kind->name;
	lane->domain = family->domain;
	lane->socktype = kind->socktype;
	snprintf(lane->name, sizeof(lane->name), "%s+%s", lane->family, lane->type);
	bool found = find_place(&lane->server, lane, family, kind, lanes->folder, "server") &&
		     find_place(&lane->client, lane, family, kind, lanes->folder, "client");
	int number = found ? try_lane(lane) : EADDRNOTAVAIL;
	if (number == 0)
		lanes->count++;
	else
		demo_skip(narrator, "%s is not here: %s", lane->name, demo_errno(number));
	return true;
}

bool lanes_open(struct lanes *lanes, unsigned types, struct narrator *narrator)
{
	lanes->items = NULL;
	lanes->count = 0;
	if (!make_folder(lanes->folder)) {
		demo_must(narrator, -1, "mkdtemp");
		return false;
	}
	for (const struct family *const *each = families; *each; each++) {
		for (size_t k = 0; k < KIND_COUNT; k++) {
			if (!(types & kinds[k].bit) || !family_has(*each, &kinds[k]))
				continue;
			if (!add_lane(lanes, *each, &kinds[k], narrator)) {
				lanes_close(lanes);
				return false;
			}
		}
	}
	return true;
}

void lanes_close(struct lanes *lanes)
{
	for (size_t i = 0; i < lanes->count; i++)
		lane_unlink(&lanes->items[i]);
	free(lanes->items);
	rmdir(lanes->folder);
}

void lane_unlink(const struct lane *lane)
{
	if (lane->domain != AF_UNIX)
		return;
	unlink(((const struct sockaddr_un *)&lane->server.address)->sun_path);
	unlink(((const struct sockaddr_un *)&lane->client.address)->sun_path);
}

void lane_limit(int fd)
{
	struct timeval second = { .tv_sec = 1 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
}

struct place lane_place(int fd)
{
	struct place place = { .length = sizeof(place.address) };
	if (getsockname(fd, (struct sockaddr *)&place.address, &place.length) == -1)
		place.length = 0;
	return place;
}

const char *lane_place_text(const struct place *place)
{
	static _Thread_local char text[ENDPOINT_TEXT];
	struct endpoint endpoint;
	const struct sockaddr *address = (const struct sockaddr *)&place->address;
	if (endpoint_from_address(address, place->length, NULL, kind_stream, &endpoint) == -1)
		return "(no address)";
	endpoint.family->format(address, place->length, text);
	return *text ? text : "(no name)";
}

void lane_close(int fd)
{
	if (fd != -1)
		close(fd);
}

/* The two ends of a connection: listen(2), connect(2), accept(2). */
static bool join(struct lane_pair *pair, int listener, struct narrator *narrator)
{
	struct place at = lane_place(listener);
	if (!demo_must(narrator, listen(listener, 1), "listen") ||
	    !demo_must(narrator,
		       connect(pair->sender, (const struct sockaddr *)&at.address, at.length),
		       "connect"))
		return false;
	pair->receiver = accept(listener, NULL, NULL);
	return demo_must(narrator, pair->receiver, "accept");
}

/* Two datagram sockets: each is bound, and connected to the other's address. */
static bool introduce(struct lane_pair *pair, const struct lane *lane, struct narrator *narrator)
{
	if (!demo_must(narrator,
		       bind(pair->sender, (const struct sockaddr *)&lane->client.address,
			    lane->client.length),
		       "bind"))
		return false;
	struct place server = lane_place(pair->receiver), client = lane_place(pair->sender);
	return demo_must(narrator,
			 connect(pair->sender, (const struct sockaddr *)&server.address,
				 server.length),
			 "connect") &&
	       demo_must(narrator,
			 connect(pair->receiver, (const struct sockaddr *)&client.address,
				 client.length),
			 "connect");
}

bool lane_pair_open(struct lane_pair *pair, const struct lane *lane, struct narrator *narrator)
{
	bool works = false;
	int bound = socket(lane->domain, lane->socktype, 0);
	pair->receiver = -1;
	pair->sender = socket(lane->domain, lane->socktype, 0);
	if (demo_must(narrator, bound, "socket") && demo_must(narrator, pair->sender, "socket") &&
	    demo_must(narrator,
		      bind(bound, (const struct sockaddr *)&lane->server.address,
			   lane->server.length),
		      "bind")) {
		lane_limit(bound);
		if (lane->socktype == SOCK_DGRAM) {
			pair->receiver = bound;
			bound = -1;
			works = introduce(pair, lane, narrator);
		} else {
			works = join(pair, bound, narrator);
		}
	}
	lane_close(bound);
	if (!works) {
		lane_pair_close(pair, lane);
		return false;
	}
	lane_limit(pair->sender);
	lane_limit(pair->receiver);
	return true;
}

void lane_pair_close(struct lane_pair *pair, const struct lane *lane)
{
	lane_close(pair->sender);
	lane_close(pair->receiver);
	pair->sender = pair->receiver = -1;
	lane_unlink(lane);
}
