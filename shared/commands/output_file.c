/* realpath(3) is POSIX.1-2008's own, but musl declares it with its XSI option alone. */
#define _XOPEN_SOURCE 700

#include "commands/output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(struct output_file *file, const char *path, int number, struct error *error)
{
	bool denied = number == EACCES || number == EPERM;
	output_file_drop(file);
	return error_system(error, denied ? STATUS_NOT_PERMITTED : STATUS_OUTPUT, number, "%s",
			    path);
}

/* The mode that creat(2) would give it. */
static mode_t default_mode(void)
{
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* A link is followed: what it points to gets the new text, and the link stays. */
static char *resolve(const char *path, bool exists)
{
	return exists ? realpath(path, NULL) : strdup(path);
}

static int open_beside(struct output_file *file, mode_t mode)
{
	static const char suffix[] = ".XXXXXX";
	size_t room = strlen(file->path) + sizeof(suffix);
	char *name = malloc(room);
	if (!name)
		return -1;
	snprintf(name, room, "%s%s", file->path, suffix);
	int fd = mkstemp(name);
	if (fd == -1) {
		free(name);
		return -1;
	}
	file->beside = name;
	file->stream = fdopen(fd, "w");
	if (!file->stream) {
		close(fd);
		return -1;
	}
	return fchmod(fd, mode);
}

int output_file_open(struct output_file *file, const char *path, struct error *error)
{
	struct stat found;
	bool exists = stat(path, &found) == 0;
	*file = (struct output_file){ .path = resolve(path, exists) };
	if (!file->path)
		return fail(file, path, errno, error);
	if (exists && S_ISDIR(found.st_mode))
		return fail(file, path, EISDIR, error);
	if (exists && !S_ISREG(found.st_mode)) {
		file->stream = fopen(path, "w");
		return file->stream ? 0 : fail(file, path, errno, error);
	}
	if (exists && access(path, W_OK) == -1) /* its owner does not want it replaced */
		return fail(file, path, errno, error);
	if (open_beside(file, exists ? found.st_mode & 0777 : default_mode()) == -1)
		return fail(file, path, errno, error);
	return 0;
}

int output_file_finish(struct output_file *file, struct error *error)
{
	struct error why;
	bool failed = fflush(file->stream) != 0 || ferror(file->stream);
	int number = errno;
	failed |= fclose(file->stream) != 0;
	number = number ? number : errno;
	file->stream = NULL;
	if (!failed && file->beside && rename(file->beside, file->path) == -1) {
		failed = true;
		number = errno;
	}
	if (failed) {
		error_system(&why, STATUS_OUTPUT, number ? number : EIO, "%s", file->path);
		output_file_drop(file);
		*error = why;
		return -1;
	}
	free(file->beside);
	file->beside = NULL;
	output_file_drop(file);
	return 0;
}

void output_file_drop(struct output_file *file)
{
	if (file->stream)
		fclose(file->stream);
	if (file->beside)
		unlink(file->beside);
	free(file->beside);
	free(file->path);
	*file = (struct output_file){ 0 };
}
