#include "af_inet6/demos/scene.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/uio.h>

bool demo_inet6_here(struct narrator *narrator)
{
	const struct sockaddr_in6 loopback = demo_inet6_address("::1", 0);
	return demo_here(narrator, "::1", &loopback, sizeof(loopback));
}

struct sockaddr_in6 demo_inet6_address(const char *literal, uint16_t port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	inet_pton(AF_INET6, literal, &address.sin6_addr);
	return address;
}

bool demo_inet6_receive(int fd, struct sockaddr_in6 *peer, int type, void *value, size_t size)
{
	char byte;
	bool told = false;
	_Alignas(struct cmsghdr) char control[128];
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_name = peer,
				  .msg_namelen = sizeof(*peer),
				  .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	if (!demo_readable(fd) || recvmsg(fd, &message, 0) == -1)
		return false;
	for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each;
	     each = CMSG_NXTHDR(&message, each)) {
		if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == type) {
			memcpy(value, CMSG_DATA(each), size);
			told = true;
		}
	}
	return told;
}

ssize_t demo_inet6_send(int fd, const struct sockaddr_in6 *peer, char byte, int type,
			const void *value, size_t size)
{
	_Alignas(struct cmsghdr) char control[128] = { 0 };
	struct sockaddr_in6 name = *peer;
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_name = &name,
				  .msg_namelen = sizeof(name),
				  .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = IPPROTO_IPV6;
	header->cmsg_type = type;
	header->cmsg_len = (socklen_t)CMSG_LEN(size);
	memcpy(CMSG_DATA(header), value, size);
	message.msg_controllen = (socklen_t)CMSG_SPACE(size);
	return sendmsg(fd, &message, MSG_NOSIGNAL);
}
