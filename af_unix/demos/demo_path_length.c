#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROOM sizeof(((struct sockaddr_un *)0)->sun_path)
#define LONG 128 /* more than any system's sun_path */

/* A path in the folder, of LENGTH bytes and ending in LAST. */
static void fill(const struct demo_scene *scene, char *path, size_t length, char last)
{
	memset(path, 'x', length);
	path[length] = '\0';
	size_t folder = strlen(scene->folder);
	memcpy(path, scene->folder, folder);
	path[folder] = '/';
	path[length - 1] = last;
}

/* bind(2) to the whole path with its NUL, in a buffer that has room for more than sun_path has. */
static int bind_whole(const char *path)
{
	union {
		struct sockaddr_un un;
		char bytes[sizeof(struct sockaddr_un) + LONG];
	} address = { .un = { .sun_family = AF_UNIX } };
	const size_t before = offsetof(struct sockaddr_un, sun_path);
	strcpy(address.bytes + before, path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	const socklen_t length = (socklen_t)(before + strlen(path) + 1);
	int said = demo_error(bind(fd, (struct sockaddr *)&address, length));
	close(fd);
	return said;
}

/* What many programs do, and many manuals show. */
static int bind_cut(const char *path, char *bound)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int said = demo_error(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	close(fd);
	strcpy(bound, address.sun_path);
	return said;
}

static void fits_or_not(struct narrator *narrator, const struct demo_scene *scene)
{
	char path[LONG];
	demo_say(narrator, "struct sockaddr_un has %zu bytes for a path, with the NUL at its end.",
		 ROOM);
	fill(scene, path, ROOM - 1, 'a');
	int said = bind_whole(path);
	demo_claim(narrator, said == 0 && access(path, F_OK) == 0,
		   "a path of %zu bytes fits: bind: %s", strlen(path), demo_errno(said));
	fill(scene, path, ROOM, 'a');
	said = bind_whole(path);
	demo_claim(narrator, said == EINVAL || said == ENAMETOOLONG,
		   "one of %zu bytes does not: bind: %s", strlen(path), demo_errno(said));
}

static void cut(struct narrator *narrator, const struct demo_scene *scene)
{
	char path[LONG], other[LONG], bound[ROOM];
	demo_say(narrator,
		 "strncpy() of sizeof(sun_path) - 1 bytes hides the error, which is worse:");
	fill(scene, path, ROOM + 8, 'a');
	fill(scene, other, ROOM + 8, 'b');
	int said = bind_cut(path, bound);
	demo_show(narrator, "asked for %zu bytes ending in \"%s\"; bind: %s", strlen(path),
		  path + strlen(path) - 4, demo_errno(said));
	demo_claim(narrator, said == 0 && access(path, F_OK) == -1 && access(bound, F_OK) == 0,
		   "no error, but a file by another name: %zu bytes ending in \"%s\"",
		   strlen(bound), bound + strlen(bound) - 4);
	said = bind_cut(other, bound);
	demo_claim(narrator, said == EADDRINUSE,
		   "a second long path, ending in \"%s\", becomes the same name: bind: %s",
		   other + strlen(other) - 4, demo_errno(said));
	demo_say(narrator, "A client that cuts its path in the same way reaches a server that it "
			   "did not ask for. So check the length first.");
}

void demo_path_length(struct narrator *narrator)
{
	struct demo_scene scene;
	if (!demo_scene_open(narrator, &scene))
		return;
	fits_or_not(narrator, &scene);
	cut(narrator, &scene);
}
