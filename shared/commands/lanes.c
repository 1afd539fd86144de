#include "commands/lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int lanes_make_folder(char folder[LANES_FOLDER], struct error *error)
{
	const char *temporary = getenv("TMPDIR");
	if (!temporary || *temporary != '/' || strlen(temporary) > LANES_FOLDER - 20)
		temporary = "/tmp";
	snprintf(folder, LANES_FOLDER, "%s/sockfam.XXXXXX", temporary);
	if (!mkdtemp(folder))
		return error_system(error, STATUS_SYSTEM, errno, "%s", folder);
	return 0;
}

int lanes_listen(struct server *server, const char *folder, struct lane lanes[LANES_MOST],
		 struct error *error)
{
	size_t count = 0;
	for (size_t f = 0; f < FAMILY_COUNT; f++) {
		for (size_t k = 0; k < KIND_COUNT; k++) {
			struct endpoint_list list = { 0 };
			struct lane *lane = &lanes[count];
			char address[128];
			if (!family_has(families[f], &kinds[k]))
				continue;
			/*
			 * no name that anybody else could have: a path in our folder, or the
			 * system's choice
			 */
			if (families[f]->claim)
				snprintf(address, sizeof(address), "%s/%s", folder, kinds[k].name);
			else
				snprintf(address, sizeof(address), ":0");
			if (families[f]->resolve(address, &kinds[k], &list, error) == -1)
				return -1;
			lane->endpoint = list.items[0];
			endpoint_list_free(&list);
			lane->listening = server_listen(server, &lane->endpoint, &lane->why) == 0;
			count++;
		}
	}
	return (int)count;
}
