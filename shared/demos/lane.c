#include "demos/lane.h"

#include "net/endpoint.h"
#include "net/family.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* An address that nobody else has: a file in the folder, or whatever the system chooses. */
static bool find_place(struct demo_place *place, char file[DEMO_FILE], const struct family *family,
		       const struct kind *kind, const char *folder, const char *side)
{
	char name[32], text[FAMILY_TEXT];
	struct endpoint_list list = { 0 };
	struct error error;
	*place = (struct demo_place){ .length = 0 };
	snprintf(name, sizeof(name), "%s.%s", kind->name, side);
	snprintf(file, DEMO_FILE, "%s/%s", folder ? folder : "", name);
	family->fresh(folder ? folder : "", name, text, sizeof(text));
	if (family->resolve(text, kind, &list, &error) == 0) {
		place->address = list.items[0].address;
		place->length = list.items[0].length;
	}
	endpoint_list_free(&list);
	return place->length > 0;
}

/* 0 if this machine has the lane; else errno. */
static int find_lane(struct demo_lane *lane, const struct family *family, const struct kind *kind,
		     const char *folder)
{
	*lane = (struct demo_lane){ .family = family->name,
				    .type = kind->name,
				    .domain = family->domain,
				    .socktype = kind->socktype };
	snprintf(lane->name, sizeof(lane->name), "%s+%s", lane->family, lane->type);
	if (!folder && lane->domain == AF_UNIX)
		return ENOENT;
	if (!find_place(&lane->server, lane->files[0], family, kind, folder, "server") ||
	    !find_place(&lane->client, lane->files[1], family, kind, folder, "client"))
		return EADDRNOTAVAIL;
	int number = demo_reach(lane->socktype, &lane->server.address, lane->server.length);
	demo_lane_end(lane);
	return number;
}

static bool add_lane(struct narrator *narrator, struct demo_lanes *lanes,
		     const struct demo_lane *lane)
{
	struct demo_lane *items = realloc(lanes->items, (lanes->count + 1) * sizeof(*lanes->items));
	if (!items)
		return demo_must(narrator, -1, "realloc");
	lanes->items = items;
	items[lanes->count] = *lane;
	items[lanes->count].first = lanes->count == 0;
	lanes->count++;
	return true;
}

bool demo_lanes_open(struct narrator *narrator, unsigned types, struct demo_lanes *lanes)
{
	*lanes = (struct demo_lanes){ .folder = demo_folder(narrator) };
	for (const struct family *const *family = families; *family; family++) {
		for (size_t k = 0; k < KIND_COUNT; k++) {
			struct demo_lane lane;
			if (!(types & kinds[k].bit) || !family_has(*family, &kinds[k]))
				continue;
			int number = find_lane(&lane, *family, &kinds[k], lanes->folder);
			if (number != 0)
				demo_skip(narrator, "%s is not here: %s", lane.name,
					  demo_errno(number));
			else if (!add_lane(narrator, lanes, &lane)) {
				demo_lanes_close(lanes);
				return false;
			}
		}
	}
	return true;
}

void demo_lanes_close(struct demo_lanes *lanes)
{
	free(lanes->items);
	lanes->items = NULL;
	lanes->count = 0;
}

bool demo_each_lane(struct narrator *narrator, unsigned types,
		    void (*attempt)(struct narrator *narrator, const struct demo_lane *lane))
{
	struct demo_lanes lanes;
	if (!demo_lanes_open(narrator, types, &lanes))
		return false;
	for (size_t i = 0; i < lanes.count; i++)
		attempt(narrator, &lanes.items[i]);
	demo_lanes_close(&lanes);
	return true;
}

bool demo_each_pair(struct narrator *narrator, unsigned types,
		    void (*attempt)(struct narrator *narrator, const struct demo_lane *lane,
				    struct demo_pair *pair))
{
	struct demo_lanes lanes;
	if (!demo_lanes_open(narrator, types, &lanes))
		return false;
	for (size_t i = 0; i < lanes.count; i++) {
		struct demo_pair pair;
		if (!demo_lane_pair(narrator, &lanes.items[i], &pair))
			continue;
		attempt(narrator, &lanes.items[i], &pair);
		demo_pair_close(&pair);
		demo_lane_end(&lanes.items[i]);
	}
	demo_lanes_close(&lanes);
	return true;
}

bool demo_lane_pair(struct narrator *narrator, const struct demo_lane *lane, struct demo_pair *pair)
{
	const struct demo_place *client = lane->socktype == SOCK_DGRAM ? &lane->client : NULL;
	if (demo_pair_open_at(narrator, lane->socktype, &lane->server, client, pair))
		return true;
	demo_lane_end(lane);
	return false;
}

int demo_lane_bound(struct narrator *narrator, const struct demo_lane *lane)
{
	const struct sockaddr *address = (const struct sockaddr *)&lane->server.address;
	int fd = socket(lane->domain, lane->socktype, 0);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	if (demo_must(narrator, bind(fd, address, lane->server.length), "bind"))
		return fd;
	close(fd);
	return -1;
}

void demo_lane_end(const struct demo_lane *lane)
{
	unlink(lane->files[0]);
	unlink(lane->files[1]);
}
