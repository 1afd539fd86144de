#ifndef AF_UNIX_DEMOS_SCENE_H
#define AF_UNIX_DEMOS_SCENE_H

#include "demos/demo.h"

#include <sys/socket.h>
#include <sys/un.h>

/* What comes before the story in this folder's demonstrations: a place for names, a socket. */

struct demo_scene {
	char folder[72]; /* short enough to leave room for a name in sun_path */
};

/* Makes a folder in TMPDIR (in /tmp if that is too long). False, and a false claim, if not. */
bool demo_scene_open(struct demo_scene *scene, struct narrator *narrator);

/* Removes it with all that is in it. */
void demo_scene_close(const struct demo_scene *scene);

/* Fills ADDRESS with NAME in the folder; returns its length, the closing NUL included. */
socklen_t demo_scene_address(const struct demo_scene *scene, const char *name,
			     struct sockaddr_un *address);

/* A new socket of TYPE bound to NAME, for the caller to close. -1, and a false claim, if not. */
int demo_scene_bind(const struct demo_scene *scene, struct narrator *narrator, const char *name,
		    int type);

/* What connect(2) says to a new socket of TYPE, closed again: errno's value, 0 if it worked. */
int demo_scene_knock(const struct demo_scene *scene, const char *name, int type);

#endif
