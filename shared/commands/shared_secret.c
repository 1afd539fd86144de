#include "commands/shared_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAST 16
#define MOST 4096

/* Whoever could have written it, or can read it, knows it. */
static int check_file(const char *path, int fd, struct error *error)
{
	struct stat found;
	if (fstat(fd, &found) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "--secret-file %s", path);
	if (!S_ISREG(found.st_mode))
		return error_set(error, STATUS_NOT_PERMITTED,
				 "--secret-file %s: not a regular file", path);
	if (found.st_uid != 0 && found.st_uid != geteuid())
		return error_set(error, STATUS_NOT_PERMITTED,
				 "--secret-file %s: it belongs to another user (uid %ld)", path,
				 (long)found.st_uid);
	if (found.st_mode & 077)
		return error_set(
			error, STATUS_NOT_PERMITTED,
			"--secret-file %s: group or others may use it, mode %03o (chmod 600)", path,
			(unsigned)found.st_mode & 0777);
	return 0;
}

static int open_file(const char *path, struct error *error)
{
	/* O_NONBLOCK: a fifo must not hold us up before we see that it is one */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd != -1)
		return fd;
	if (errno == ELOOP)
		return error_set(error, STATUS_NOT_PERMITTED, "--secret-file %s: a symbolic link",
				 path);
	return error_system(error,
			    errno == EACCES || errno == EPERM ? STATUS_NOT_PERMITTED : STATUS_DATA,
			    errno, "--secret-file %s", path);
}

/* Fills BYTES, which has room for one more than may be there. */
static int read_file(const char *path, unsigned char *bytes, size_t *length, struct error *error)
{
	int fd = open_file(path, error);
	if (fd == -1)
		return -1;
	int result = check_file(path, fd, error);
	*length = 0;
	while (result == 0 && *length <= MOST) {
		ssize_t count = read(fd, bytes + *length, MOST + 1 - *length);
		if (count == 0)
			break;
		if (count == -1 && errno != EINTR)
			result =
				error_system(error, STATUS_SYSTEM, errno, "--secret-file %s", path);
		*length += count > 0 ? (size_t)count : 0;
	}
	close(fd);
	if (result == 0 && (*length < LEAST || *length > MOST))
		result = error_set(error, STATUS_DATA,
				   "--secret-file %s: a secret has %d to %d bytes", path, LEAST,
				   MOST);
	return result;
}

bool shared_secret_is_simple(const struct shared_secret *secret)
{
	return secret->auth && strcmp(secret->auth, "simple") == 0;
}

int shared_secret_load(struct shared_secret *secret, const struct proof_secret **keys,
		       struct error *error)
{
	unsigned char bytes[MOST + 1];
	size_t length;
	bool simple = shared_secret_is_simple(secret);
	*keys = NULL;
	if (secret->auth && !simple && strcmp(secret->auth, "mutual") != 0)
		return error_set(error, STATUS_USAGE, "--auth %s: is none of mutual, simple",
				 secret->auth);
	if (!secret->file && (secret->auth || secret->service))
		return error_set(error, STATUS_USAGE,
				 "--auth and --auth-name need a --secret-file");
	if (!secret->file)
		return 0;
	int result = read_file(secret->file, bytes, &length, error);
	if (result == 0)
		result = proof_secret_make(&secret->keys, simple ? PROOF_SIMPLE : PROOF_MUTUAL,
					   bytes, length,
					   secret->service ? secret->service : "echo", error);
	secret_wipe(bytes, sizeof(bytes));
	if (result == 0)
		*keys = &secret->keys;
	return result;
}

void shared_secret_forget(struct shared_secret *secret)
{
	proof_secret_wipe(&secret->keys);
}

int shared_secret_check(const struct shared_secret *secret, const struct endpoint_list *list,
			struct error *error)
{
	char text[ENDPOINT_TEXT];
	for (size_t i = 0; secret->file && i < list->count; i++)
		if (!list->items[i].kind->connected)
			return error_set(
				error, STATUS_USAGE,
				"%s: --secret-file is for connections, and datagrams have none",
				endpoint_format(&list->items[i], text));
	return 0;
}
