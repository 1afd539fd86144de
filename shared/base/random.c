#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int random_open(struct error *error)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return error_system(error, STATUS_SYSTEM, errno, "/dev/urandom");
	return fd;
}

int random_bytes(int fd, void *bytes, size_t length)
{
	unsigned char *rest = bytes;
	while (length > 0) {
		ssize_t count = read(fd, rest, length);
		if (count == -1 && errno == EINTR)
			continue;
		if (count <= 0) {
			errno = count == 0 ? EIO : errno;
			return -1;
		}
		rest += count;
		length -= (size_t)count;
	}
	return 0;
}
