#include "commands/lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int listen_on(struct server *server, const char *folder, const struct family *family,
		     const struct kind *kind, struct lane_list *lanes, struct error *error)
{
	char address[FAMILY_TEXT];
	struct endpoint_list list = { 0 };
	struct lane *items = realloc(lanes->items, (lanes->count + 1) * sizeof(*items));
	if (!items)
		return error_system(error, STATUS_SYSTEM, errno, "lanes");
	lanes->items = items;
	family->fresh(folder, kind->name, address, sizeof(address));
	if (family->resolve(address, kind, &list, error) == -1)
		return -1;
	struct lane *lane = &items[lanes->count++];
	*lane = (struct lane){ .endpoint = list.items[0] };
	endpoint_list_free(&list);
	lane->listening = server_listen(server, &lane->endpoint, &lane->why) == 0;
	return 0;
}

int lanes_listen(struct server *server, const char *folder, struct lane_list *lanes,
		 struct error *error)
{
	for (const struct family *const *each = families; *each; each++)
		for (size_t k = 0; k < KIND_COUNT; k++)
			if (family_has(*each, &kinds[k]) &&
			    listen_on(server, folder, *each, &kinds[k], lanes, error) == -1)
				return -1;
	return 0;
}

void lanes_free(struct lane_list *lanes)
{
	free(lanes->items);
	*lanes = (struct lane_list){ 0 };
}
