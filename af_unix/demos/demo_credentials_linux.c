/* SO_PEERCRED, SO_PASSCRED and struct ucred are Linux's, unix(7). */
#define _GNU_SOURCE

#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OTHER 65534 /* the user that root becomes: "nobody" */
#define NOT_TRIED 255

/* Sends a byte with credentials that say root. The kernel checks them: 0, or errno. */
static int lie(int fd)
{
	const struct ucred root = { .pid = getpid(), .uid = 0, .gid = 0 };
	_Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof(root))] = { 0 };
	char byte = '!';
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *claimed = CMSG_FIRSTHDR(&message);
	claimed->cmsg_level = SOL_SOCKET;
	claimed->cmsg_type = SCM_CREDENTIALS;
	claimed->cmsg_len = CMSG_LEN(sizeof(root));
	memcpy(CMSG_DATA(claimed), &root, sizeof(root));
	return demo_error(sendmsg(fd, &message, MSG_NOSIGNAL));
}

/* The credentials that came with the next byte; pid 0: none came. */
static struct ucred sender_of_next(int fd)
{
	struct ucred sender = { 0 };
	char byte;
	_Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof(sender))];
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	if (recvmsg(fd, &message, MSG_DONTWAIT) != 1)
		return sender;
	const struct cmsghdr *brought = CMSG_FIRSTHDR(&message);
	if (brought && brought->cmsg_type == SCM_CREDENTIALS)
		memcpy(&sender, CMSG_DATA(brought), sizeof(sender));
	return sender;
}

/* The child inherits the connection, becomes another user if it may, and sends. */
static void be_child(int fd)
{
	if (geteuid() == 0 && (setgid(OTHER) == -1 || setuid(OTHER) == -1))
		(void)0; /* then it stays root: its pid still differs */
	send(fd, "x", 1, MSG_NOSIGNAL);
	_Exit(geteuid() == 0 ? NOT_TRIED : lie(fd));
}

static void tell(struct narrator *narrator, int client, int server)
{
	int on = 1;
	struct ucred connected = { 0 }, sender;
	socklen_t length = sizeof(connected);
	setsockopt(server, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	pid_t child = fork();
	if (child == 0)
		be_child(client);
	if (!demo_must(narrator, child, "fork"))
		return;
	int status = demo_ended(child);
	int said = WIFEXITED(status) ? WEXITSTATUS(status) : NOT_TRIED;
	demo_say(narrator, "Child %ld inherits the connection, %ssends a byte and exits.",
		 (long)child, geteuid() == 0 && said != NOT_TRIED ? "gives up root, " : "");

	demo_say(narrator, "SO_PEERCRED says who called connect(), as of that moment:");
	getsockopt(server, SOL_SOCKET, SO_PEERCRED, &connected, &length);
	demo_claim(narrator, connected.pid == getpid() && connected.uid == geteuid(),
		   "it stays the same, whoever writes now: pid %ld, uid %ld", (long)connected.pid,
		   (long)connected.uid);
	demo_say(narrator, "With SO_PASSCRED each message tells who sent it (SCM_CREDENTIALS):");
	sender = sender_of_next(server);
	demo_claim(narrator, sender.pid == child,
		   "the byte says it came from the child: pid %ld, uid %ld", (long)sender.pid,
		   (long)sender.uid);
	if (said == NOT_TRIED) {
		demo_skip(narrator, "how a false uid is refused: the child stayed root here");
		return;
	}
	demo_say(narrator, "A sender may state its credentials itself. The child claimed uid 0:");
	demo_claim(narrator, said == EPERM, "the kernel checks them: sendmsg: %s",
		   demo_errno(said));
}

void demo_credentials(struct narrator *narrator)
{
	struct demo_scene scene;
	if (!demo_scene_open(narrator, &scene))
		return;
	int listener = demo_scene_bind(narrator, &scene, "name", SOCK_STREAM);
	int client = socket(AF_UNIX, SOCK_STREAM, 0), server = -1;
	struct sockaddr_un name;
	socklen_t length = demo_scene_address(&scene, "name", &name);
	if (listener != -1 && demo_must(narrator, listen(listener, 1), "listen") &&
	    demo_must(narrator, demo_connect(client, &name, length), "connect") &&
	    demo_must(narrator, server = demo_accept(listener), "accept")) {
		demo_say(narrator,
			 "The kernel knows who is at the other end; only root can lie about it. "
			 "Process %ld, user %ld, connects.",
			 (long)getpid(), (long)geteuid());
		tell(narrator, client, server);
	}
	demo_close(server);
	demo_close(listener);
	demo_close(client);
}
