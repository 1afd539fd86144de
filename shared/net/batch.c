#include "net/batch.h"

int batch_of(const struct family *family)
{
	if (family->burst < 1)
		return 1;
	return family->burst < BATCH_MOST ? family->burst : BATCH_MOST;
}

void datagram_reset(struct datagram *item, void *bytes, size_t room, socklen_t control)
{
	item->vector = (struct iovec){ .iov_base = bytes, .iov_len = room };
	item->header = (struct msghdr){
		.msg_name = &item->peer,
		.msg_namelen = sizeof(item->peer),
		.msg_iov = &item->vector,
		.msg_iovlen = 1,
		.msg_control = item->control,
		.msg_controllen = control < sizeof(item->control) ? control : sizeof(item->control),
	};
	item->hold = -1;
}
