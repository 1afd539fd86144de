#ifndef COMMANDS_LANES_H
#define COMMANDS_LANES_H

#include "base/error.h"
#include "net/family.h"
#include "server/server.h"

/* Every family with every type that it has, for those who show or measure them side by side. */

#define LANES_MOST (FAMILY_COUNT * KIND_COUNT)

struct lane {
	struct endpoint endpoint; /* what was really bound */
	bool listening;
	struct error why; /* it is not */
};

/* A folder of our own for the paths, with room left for them in sun_path. */
#define LANES_FOLDER 80
int lanes_make_folder(char folder[LANES_FOLDER], struct error *error);

/*
 * Has the server listen on each, at names that the system chooses or that are in the folder; how
 * many there are. What this machine does not have is left with its reason.
 */
int lanes_listen(struct server *server, const char *folder, struct lane lanes[LANES_MOST],
		 struct error *error);

#endif
