#include "af_unix/claim.h"

#include "net/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATH_ROOM sizeof(((struct sockaddr_un *)0)->sun_path)

struct claim {
	char path[PATH_ROOM];
	char lock[PATH_ROOM + 8]; /* ".lock"; empty: no lock, and FOLDER instead */
	char folder[PATH_ROOM];
	int lock_fd;
	dev_t device; /* of the socket's file, to know it again */
	ino_t inode;
	struct claim *next; /* of those that this process holds */
};

/*
 * A process holds its locks once, however often it asks, and loses them when it closes the file once
 * (fcntl(2), POSIX): so it must know itself which ones it has. Names are claimed by one thread.
 */
static struct claim *held;

/* The exit status for a server that cannot have its name. */
static int refuse(struct error *error, int number, const struct endpoint *endpoint)
{
	char text[ENDPOINT_TEXT];
	bool forbidden = number == EACCES || number == EPERM;
	return error_system(error, forbidden ? STATUS_NOT_PERMITTED : STATUS_CANNOT_LISTEN, number,
			    "listen %s", endpoint_format(endpoint, text));
}

static int taken(struct error *error, const struct endpoint *endpoint, const char *why)
{
	char text[ENDPOINT_TEXT];
	return error_set(error, STATUS_CANNOT_LISTEN, "listen %s: %s",
			 endpoint_format(endpoint, text), why);
}

static bool holds_already(const char *lock)
{
	struct stat named, ours;
	if (lstat(lock, &named) == -1)
		return false;
	for (const struct claim *each = held; each; each = each->next)
		if (fstat(each->lock_fd, &ours) == 0 && ours.st_dev == named.st_dev &&
		    ours.st_ino == named.st_ino)
			return true;
	return false;
}

/*
 * Has the file that was opened kept its name (1), or did an ending server remove it meanwhile (0)?
 * -1 with errno where that cannot be known.
 */
static int still_named(int fd, const char *path)
{
	struct stat opened, named;
	if (fstat(fd, &opened) == -1)
		return -1;
	if (lstat(path, &named) == -1)
		return errno == ENOENT ? 0 : -1;
	return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/*
 * Opens it, or makes it with a mode that no umask has a part in: after a crash the next server must
 * be able to open it.
 */
static int open_lock(const char *path)
{
	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd != -1 && fchmod(fd, 0600) == -1) {
			int number = errno;
			close(fd);
			errno = number;
			return -1;
		}
		if (fd != -1 || errno != EEXIST)
			return fd;
		fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
		if (fd != -1 || errno != ENOENT) /* removed since: then it can be made */
			return fd;
	}
}

static int take_lock(struct claim *claim, const struct endpoint *endpoint, struct error *error)
{
	if (holds_already(claim->lock))
		return taken(error, endpoint, "this server holds it already");
	for (;;) {
		int fd = open_lock(claim->lock);
		if (fd == -1)
			return refuse(error, errno, endpoint);
		struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int named = fcntl(fd, F_SETLK, &whole) == -1 ? -1 : still_named(fd, claim->lock);
		if (named == 1) {
			claim->lock_fd = fd;
			claim->next = held;
			held = claim;
			return 0;
		}
		int number = errno;
		close(fd);
		if (named == 0)
			continue;
		if (number == EACCES || number == EAGAIN)
			return taken(error, endpoint, "another server holds it");
		return refuse(error, number, endpoint);
	}
}

/* Does anybody answer at the socket file? 1 or 0; -1 with errno where that cannot be known. */
static int alive(const struct endpoint *endpoint)
{
	int fd = socket(AF_UNIX, endpoint->kind->socktype, 0);
	if (fd == -1)
		return -1;
	int result = -1;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    (connect(fd, (const struct sockaddr *)&endpoint->address, endpoint->length) == 0 ||
	     /* EAGAIN is a full backlog and EPROTOTYPE another type: both alive */
	     errno == EAGAIN || errno == EPROTOTYPE))
		result = 1;
	else if (errno == ECONNREFUSED || errno == ENOENT)
		result = 0;
	int number = errno;
	close(fd);
	errno = number;
	return result;
}

static int remove_stale(const struct claim *claim, const struct endpoint *endpoint,
			struct error *error)
{
	struct stat found;
	if (lstat(claim->path, &found) == -1)
		return errno == ENOENT ? 0 : refuse(error, errno, endpoint);
	if (!S_ISSOCK(found.st_mode))
		return taken(error, endpoint, "the path exists and is not a socket");
	switch (alive(endpoint)) {
	case 1:
		return taken(error, endpoint, "another server answers there");
	case -1:
		return refuse(error, errno, endpoint);
	}
	if (unlink(claim->path) == -1 && errno != ENOENT)
		return refuse(error, errno, endpoint);
	return 0;
}

/*
 * The file is born with its mode: a moment of 0777 would let anybody in. fchmod(2)
 * before bind(2) is Linux's way and holds against a default ACL, which sets the umask
 * aside; the umask is everybody's.
 */
static int bind_with_mode(int fd, const struct endpoint *endpoint, mode_t mode)
{
	(void)!fchmod(fd, mode);
	mode_t mask = umask(~mode & 0777);
	int result = bind(fd, (const struct sockaddr *)&endpoint->address, endpoint->length);
	int number = errno;
	umask(mask);
	errno = number;
	return result;
}

static int bind_and_remember(struct claim *claim, int fd, const struct endpoint *endpoint,
			     mode_t mode, struct error *error)
{
	struct stat born;
	if (bind_with_mode(fd, endpoint, mode) == -1)
		return refuse(error, errno, endpoint);
	if (lstat(claim->path, &born) == -1) {
		int number = errno;
		unlink(claim->path); /* ours, though it cannot be known again */
		return refuse(error, number, endpoint);
	}
	claim->device = born.st_dev;
	claim->inode = born.st_ino;
	return 0;
}

static struct claim *new_claim(const struct endpoint *endpoint, struct error *error)
{
	struct claim *claim = calloc(1, sizeof(*claim));
	if (!claim) {
		error_system(error, STATUS_SYSTEM, errno, "claim");
		return NULL;
	}
	claim->lock_fd = -1;
	const struct sockaddr_un *un = (const struct sockaddr_un *)&endpoint->address;
	snprintf(claim->path, sizeof(claim->path), "%s", un->sun_path);
	return claim;
}

int claim_path(int fd, const struct endpoint *endpoint, const struct listen_options *options,
	       struct claim **claim, struct error *error)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&endpoint->address;
	if (un->sun_path[0] == '\0') { /* abstract: the kernel keeps one owner, and no file */
		if (bind(fd, (const struct sockaddr *)un, endpoint->length) == -1)
			return refuse(error, errno, endpoint);
		return 0;
	}
	struct claim *made = new_claim(endpoint, error);
	if (!made)
		return -1;
	snprintf(made->lock, sizeof(made->lock), "%s.lock", made->path);
	if (take_lock(made, endpoint, error) == -1 || remove_stale(made, endpoint, error) == -1 ||
	    bind_and_remember(made, fd, endpoint, options->mode, error) == -1) {
		claim_release(made);
		return -1;
	}
	*claim = made;
	return 0;
}

int claim_private(int fd, struct claim **claim, struct error *error)
{
	struct endpoint endpoint = { .family = &af_unix, .kind = kind_dgram };
	struct sockaddr_un *un = (struct sockaddr_un *)&endpoint.address;
	char folder[] = "/tmp/sockfam.XXXXXX";
	if (!mkdtemp(folder))
		return error_system(error, STATUS_SYSTEM, errno, "%s", folder);
	un->sun_family = AF_UNIX;
	snprintf(un->sun_path, sizeof(un->sun_path), "%s/client", folder);
	endpoint.length = sizeof(*un);
	struct claim *made = new_claim(&endpoint, error);
	if (!made) {
		rmdir(folder);
		return -1;
	}
	memcpy(made->folder, folder, sizeof(folder));
	/* the folder is ours alone; the server must reach the file to answer */
	if (chmod(folder, 0711) == -1 ||
	    bind_and_remember(made, fd, &endpoint, 0777, error) == -1) {
		claim_release(made);
		return -1;
	}
	*claim = made;
	return 0;
}

void claim_release(struct claim *claim)
{
	struct stat found;
	if (claim->inode != 0 && lstat(claim->path, &found) == 0 && found.st_dev == claim->device &&
	    found.st_ino == claim->inode)
		unlink(claim->path);
	if (claim->folder[0])
		rmdir(claim->folder);
	if (claim->lock_fd != -1) {
		struct claim **link = &held;
		while (*link != claim)
			link = &(*link)->next;
		*link = claim->next;
		if (still_named(claim->lock_fd, claim->lock) == 1)
			unlink(claim->lock);
		close(claim->lock_fd); /* last: now the next server may have it */
	}
	free(claim);
}
