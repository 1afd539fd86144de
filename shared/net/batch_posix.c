#include "net/batch.h"

int batch_receive(int fd, struct datagram *items, int count)
{
	int done = 0;
	for (; done < count; done++) {
		ssize_t length = recvmsg(fd, &items[done].header, 0);
		if (length == -1)
			break;
		items[done].vector.iov_len = (size_t)length;
	}
	return done ? done : -1;
}

int batch_send(int fd, struct datagram *items, int count)
{
	int done = 0;
	while (done < count && sendmsg(fd, &items[done].header, MSG_NOSIGNAL) != -1)
		done++;
	return done ? done : -1;
}
