#include "af_unix/demos/scene.h"

#include <stddef.h>
#include <stdio.h>

bool demo_scene_open(struct narrator *narrator, struct demo_scene *scene)
{
	scene->folder = demo_folder(narrator);
	return scene->folder != NULL;
}

socklen_t demo_scene_address(const struct demo_scene *scene, const char *name,
			     struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	int length = snprintf(address->sun_path, sizeof(address->sun_path), "%s/%s", scene->folder,
			      name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length + 1);
}

int demo_scene_bind(struct narrator *narrator, const struct demo_scene *scene, const char *name,
		    int type)
{
	struct sockaddr_un address;
	socklen_t length = demo_scene_address(scene, name, &address);
	return demo_bound(narrator, type, &address, length);
}

int demo_scene_knock(const struct demo_scene *scene, const char *name, int type)
{
	struct sockaddr_un address;
	socklen_t length = demo_scene_address(scene, name, &address);
	return demo_knock(type, &address, length);
}
