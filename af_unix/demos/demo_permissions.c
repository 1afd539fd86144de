#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OTHER 65534 /* "nobody": any user that is neither root nor ourselves */
#define COULD_NOT 255

/* Takes the one who got in, for the queue may hold a single one (net.core.somaxconn). */
static void make_room(int server, int said)
{
	if (said == 0)
		demo_close(demo_accept(server));
}

/*
 * There is no way back from becoming another user, so a child does it. It enters the folder while
 * it still may, and connects to the bare name: the folders above could be closed to that user.
 */
static int knock_as_other(const struct demo_scene *scene, int server)
{
	pid_t child = fork();
	if (child == 0) {
		struct sockaddr_un door = { .sun_family = AF_UNIX, .sun_path = "door" };
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (fd == -1 || chdir(scene->folder) == -1 || setgid(OTHER) == -1 ||
		    setuid(OTHER) == -1)
			_Exit(COULD_NOT);
		_Exit(demo_error(demo_connect(fd, &door, sizeof(door))));
	}
	int status = child == -1 ? -1 : demo_ended(child);
	int said = WIFEXITED(status) ? WEXITSTATUS(status) : COULD_NOT;
	make_room(server, said);
	return said;
}

static void as_another_user(struct narrator *narrator, const struct demo_scene *scene, int server,
			    const char *path)
{
	demo_say(narrator, "A child process becomes user %d. With mode 0600:", OTHER);
	chmod(scene->folder, 0711); /* everybody may pass: only the file's mode counts */
	chmod(path, 0600);
	int said = knock_as_other(scene, server);
	if (said == COULD_NOT) {
		demo_skip(narrator, "another user: this process may not become one here");
		return;
	}
	demo_claim(narrator, said == EACCES, "mode 0600 keeps another user out: connect: %s",
		   demo_errno(said));
	demo_say(narrator, "With mode 0666, which lets everybody write:");
	chmod(path, 0666);
	said = knock_as_other(scene, server);
	demo_claim(narrator, said == 0, "mode 0666 lets another user in: connect: %s",
		   demo_errno(said));
}

static void as_ourselves(struct narrator *narrator, const struct demo_scene *scene, int server,
			 const char *path)
{
	demo_say(narrator, "Now from this process, as user %ld, the file's owner.",
		 (long)geteuid());
	chmod(path, 0000);
	int said = demo_scene_knock(scene, "door", SOCK_STREAM);
	make_room(server, said);
	if (geteuid() == 0) {
		demo_show(narrator, "mode 0000, root: connect: %s", demo_errno(said));
		demo_say(narrator, "No mode stops root (on Linux: CAP_DAC_OVERRIDE).");
	} else {
		demo_claim(narrator, said == EACCES,
			   "mode 0000 keeps even the owner out: connect: %s", demo_errno(said));
	}
	chmod(path, 0600);
	said = demo_scene_knock(scene, "door", SOCK_STREAM);
	demo_claim(narrator, said == 0, "mode 0600 lets the owner in: connect: %s",
		   demo_errno(said));
	if (geteuid() != 0)
		demo_skip(narrator, "another user: only root can become one");
}

void demo_permissions(struct narrator *narrator)
{
	struct demo_scene scene;
	struct sockaddr_un door;
	struct stat file;
	if (!demo_scene_open(narrator, &scene))
		return;
	int server = demo_scene_bind(narrator, &scene, "door", SOCK_STREAM);
	demo_scene_address(&scene, "door", &door);
	if (server != -1 && demo_must(narrator, listen(server, 8), "listen") &&
	    demo_must(narrator, stat(door.sun_path, &file), "stat")) {
		demo_say(narrator,
			 "bind() to a path makes a file, and connecting counts as writing to it.");
		demo_show(narrator, "%s: a %s, mode %04o (0777 less the umask)", door.sun_path,
			  S_ISSOCK(file.st_mode) ? "socket" : "something else",
			  (unsigned)file.st_mode & 07777);
		if (geteuid() == 0)
			as_another_user(narrator, &scene, server, door.sun_path);
		as_ourselves(narrator, &scene, server, door.sun_path);
		demo_say(narrator, "Some systems do not look at the file's mode. A folder of mode "
				   "0700 keeps others out on all of them.");
	}
	demo_close(server);
}
