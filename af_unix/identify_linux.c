/* SO_PEERCRED, SCM_CREDENTIALS and O_PATH are Linux's (unix(7), open(2)). */
#define _GNU_SOURCE

#include "af_unix/identify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int identify_ask(int fd, struct error *error)
{
	int on = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "SO_PASSCRED");
	return 0;
}

int identify_peer(int fd, struct identity *identity)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == -1)
		return -1;
	*identity = (struct identity){ .pid = peer.pid, .uid = peer.uid, .gid = peer.gid };
	return 0;
}

/* Of a datagram; false: it is not told. */
static bool read_sender(struct msghdr *message, struct ucred *sender)
{
	bool any = false;
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each;
	     each = CMSG_NXTHDR(message, each)) {
		if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(sender, CMSG_DATA(each), sizeof(*sender));
		any = true;
	}
	return any;
}

void identify_sender(struct msghdr *message, const struct endpoint *bound, struct told *told)
{
	struct ucred sender;
	(void)bound;
	told->identified = read_sender(message, &sender);
	if (told->identified)
		told->who = (struct identity){ sender.pid, sender.uid, sender.gid };
}

const char *identify_reply_path(struct msghdr *message, int *hold)
{
	struct sockaddr_un *un = message->msg_name;
	struct ucred sender = { .uid = (uid_t)-1 };
	read_sender(message, &sender);
	/* an abstract name is no file, and a peer with our own user gains nothing by fooling us */
	if (un->sun_path[0] == '\0' || sender.uid == geteuid())
		return NULL;

	struct stat found;
	int fd = open(un->sun_path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return "its address is gone";
	if (fstat(fd, &found) == -1 || !S_ISSOCK(found.st_mode) || found.st_uid != sender.uid) {
		close(fd);
		return "its address is not a socket of its own";
	}
	*hold = fd;
	snprintf(un->sun_path, sizeof(un->sun_path), "/proc/self/fd/%d", fd);
	message->msg_namelen = sizeof(*un);
	return NULL;
}
