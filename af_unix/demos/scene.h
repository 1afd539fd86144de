#ifndef AF_UNIX_DEMOS_SCENE_H
#define AF_UNIX_DEMOS_SCENE_H

#include "demos/sockets.h"

#include <sys/un.h>

/* What this folder's demonstrations begin with: a place for names, and sockets bound to them. */

struct demo_scene {
	const char *folder; /* short enough to leave room for a name in sun_path */
};

/* Finds the folder, which goes by itself. False, after a skip, if there is none. */
bool demo_scene_open(struct narrator *narrator, struct demo_scene *scene);

/* Fills ADDRESS with NAME in the folder; returns its length in bytes, the closing NUL included. */
socklen_t demo_scene_address(const struct demo_scene *scene, const char *name,
			     struct sockaddr_un *address);

/* A new socket of TYPE bound to NAME, for the caller to close. -1, after a claim, if not. */
int demo_scene_bind(struct narrator *narrator, const struct demo_scene *scene, const char *name,
		    int type);

/* What connect(2) to NAME says to a new socket of TYPE, closed again: 0, or errno. */
int demo_scene_knock(const struct demo_scene *scene, const char *name, int type);

#endif
