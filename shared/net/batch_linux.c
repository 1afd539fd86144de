/* recvmmsg(2) and sendmmsg(2) are Linux's. */
#define _GNU_SOURCE

#include "net/batch.h"

int batch_receive(int fd, struct datagram *items, int count)
{
	struct mmsghdr several[BATCH_MOST];
	if (count == 1) {
		ssize_t length = recvmsg(fd, &items[0].header, 0);
		if (length == -1)
			return -1;
		items[0].vector.iov_len = (size_t)length;
		return 1;
	}
	for (int i = 0; i < count; i++)
		several[i].msg_hdr = items[i].header;
	int done = recvmmsg(fd, several, (unsigned)count, 0, NULL);
	for (int i = 0; i < done; i++) {
		items[i].header = several[i].msg_hdr;
		items[i].vector.iov_len = several[i].msg_len;
	}
	return done;
}

int batch_send(int fd, struct datagram *items, int count)
{
	struct mmsghdr several[BATCH_MOST];
	if (count == 1)
		return sendmsg(fd, &items[0].header, MSG_NOSIGNAL) == -1 ? -1 : 1;
	for (int i = 0; i < count; i++)
		several[i].msg_hdr = items[i].header;
	return sendmmsg(fd, several, (unsigned)count, MSG_NOSIGNAL);
}
