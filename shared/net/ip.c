#include "net/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

static int enable(int fd, int level, int option, const char *name, struct error *error)
{
	int on = 1;
	if (setsockopt(fd, level, option, &on, sizeof(on)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "%s", name);
	return 0;
}

int ip_adjust(int fd, const struct kind *kind, struct error *error)
{
	if (kind != kind_stream)
		return 0;
	/*
	 * an echo is never worth waiting to fill a segment for (Nagle), and it
	 * returns urgent bytes too
	 */
	if (enable(fd, IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY", error) == -1 ||
	    enable(fd, SOL_SOCKET, SO_OOBINLINE, "SO_OOBINLINE", error) == -1)
		return -1;
	return 0;
}

int ip_adjust_listener(int fd, struct error *error)
{
	/* not for datagrams: there it would let a second server take half of the messages */
	if (enable(fd, SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR", error) == -1 ||
	    enable(fd, SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE", error) == -1)
		return -1;
	return 0;
}

const char *ip_hint(int number)
{
	switch (number) {
	case EADDRINUSE:
		return "another program has it; port :0 is a free one, or choose one of your own";
	case EADDRNOTAVAIL:
		return "this machine does not have that address";
	case EACCES:
		return "ports below 1024 are for root";
	default:
		return NULL;
	}
}

const char *ip_refuse_port(in_port_t port, const struct answer_rules *rules)
{
	if (port == 0)
		return "source port 0 cannot be answered";
	if (ntohs(port) < 1024 && !rules->low_ports)
		return "source port below 1024 (--allow-low-ports)";
	return NULL;
}

const char *ip_refuse_hops(int *hops)
{
	if (*hops < 0 || *hops > 255)
		*hops = HOPS_UNKNOWN;
	else if (*hops <= 1)
		return "its last hop is spent, as in a loop of echo services";
	return NULL;
}

void ip_put_control(struct msghdr *message, int level, int type, const void *value, size_t length)
{
	unsigned char *place = (unsigned char *)message->msg_control + message->msg_controllen;
	struct cmsghdr header = { .cmsg_level = level,
				  .cmsg_type = type,
				  .cmsg_len = (socklen_t)CMSG_LEN(length) };
	memset(place, 0, CMSG_SPACE(length));
	memcpy(place, &header, sizeof(header));
	memcpy(place + CMSG_LEN(0), value, length);
	message->msg_controllen += (socklen_t)CMSG_SPACE(length);
}

void ip_tell_service(struct told *told, unsigned byte)
{
	told->dscp = (int)(byte >> 2 & 0x3f);
	told->ecn = (int)(byte & 3);
}
