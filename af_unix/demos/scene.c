#include "af_unix/demos/scene.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_TMPDIR 48

bool demo_scene_open(struct demo_scene *scene, struct narrator *narrator)
{
	const char *above = getenv("TMPDIR");
	if (!above || *above != '/' || strlen(above) > LONGEST_TMPDIR)
		above = "/tmp";
	snprintf(scene->folder, sizeof(scene->folder), "%s/sockfam-demo.XXXXXX", above);
	return demo_must(narrator, mkdtemp(scene->folder) ? 0 : -1, "mkdtemp");
}

void demo_scene_close(const struct demo_scene *scene)
{
	DIR *folder = opendir(scene->folder);
	if (folder) {
		for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
			unlinkat(dirfd(folder), entry->d_name, 0); /* "." and ".." stay */
		closedir(folder);
	}
	rmdir(scene->folder);
}

socklen_t demo_scene_address(const struct demo_scene *scene, const char *name,
			     struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	int length = snprintf(address->sun_path, sizeof(address->sun_path), "%s/%s", scene->folder,
			      name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length + 1);
}

int demo_scene_bind(const struct demo_scene *scene, struct narrator *narrator, const char *name,
		    int type)
{
	struct sockaddr_un address;
	socklen_t length = demo_scene_address(scene, name, &address);
	int fd = socket(AF_UNIX, type, 0);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	if (!demo_must(narrator, bind(fd, (struct sockaddr *)&address, length), "bind")) {
		close(fd);
		return -1;
	}
	return fd;
}

int demo_scene_knock(const struct demo_scene *scene, const char *name, int type)
{
	struct sockaddr_un address;
	socklen_t length = demo_scene_address(scene, name, &address);
	int fd = socket(AF_UNIX, type, 0);
	if (fd == -1)
		return errno;
	int said = connect(fd, (struct sockaddr *)&address, length) == -1 ? errno : 0;
	close(fd);
	return said;
}
