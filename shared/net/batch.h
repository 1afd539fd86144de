#ifndef NET_BATCH_H
#define NET_BATCH_H

#include "net/family.h"

#include <sys/socket.h>
#include <sys/uio.h>

/*
 * Several datagrams in one system call where the system has one for it (recvmmsg(2), sendmmsg(2)).
 */

#define BATCH_MOST 16

struct datagram {
	struct msghdr header; /* name, vector and control are the ones below */
	struct iovec vector;
	struct sockaddr_storage peer;
	_Alignas(struct cmsghdr) unsigned char control[ANSWER_CONTROL];
	int hold; /* struct family's answer(): a descriptor to be closed once this is sent; or -1 */
};

/* How many the family's sockets are asked for at once: from 1 to BATCH_MOST. */
int batch_of(const struct family *family);

/* Makes it ready to receive up to ROOM bytes. */
void datagram_reset(struct datagram *item, void *bytes, size_t room, socklen_t control);

/* How many were received, each vector.iov_len being its length; -1 with errno. */
int batch_receive(int fd, struct datagram *items, int count);

/* How many were sent; -1 with errno where the first could not be. */
int batch_send(int fd, struct datagram *items, int count);

#endif
