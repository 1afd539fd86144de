#include "net/record.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void record_drop_descriptors(struct msghdr *message)
{
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each;
	     each = CMSG_NXTHDR(message, each)) {
		if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(each) + i * sizeof(fd), sizeof(fd));
			close(fd);
		}
	}
}

enum record record_receive(int fd, const struct kind *kind, void *bytes, size_t room,
			   size_t *length)
{
	struct iovec vector = { .iov_base = bytes, .iov_len = room };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };
	ssize_t count;
	do {
		count = kind->records ? recvmsg(fd, &message, 0) : recv(fd, bytes, room, 0);
	} while (count == -1 && errno == EINTR);
	if (count == -1)
		return errno == EAGAIN || errno == EWOULDBLOCK ? RECORD_NONE : RECORD_BROKEN;
	*length = (size_t)count;
	if (message.msg_flags & MSG_TRUNC)
		return RECORD_TOO_LONG;
	if (count == 0 && kind->connected && !(message.msg_flags & MSG_CTRUNC))
		return RECORD_END;
	return RECORD_MESSAGE;
}
