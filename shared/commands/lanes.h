#ifndef COMMANDS_LANES_H
#define COMMANDS_LANES_H

#include "base/error.h"
#include "net/family.h"
#include "server/server.h"

/* Every family with each of its types, to be shown or measured side by side. */

struct lane {
	struct endpoint endpoint; /* what was really bound */
	bool listening;
	struct error why; /* it is not */
};

/* An array that grows; {0} is empty. Its owner frees it with lanes_free(). */
struct lane_list {
	struct lane *items;
	size_t count;
};

/*
 * Has the server listen on each, at names that the system chooses or that are in the folder. What
 * this machine does not have is listed with its reason.
 */
int lanes_listen(struct server *server, const char *folder, struct lane_list *lanes,
		 struct error *error);
void lanes_free(struct lane_list *lanes);

#endif
