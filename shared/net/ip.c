#include "net/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>

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
	 * an echo is never worth waiting to fill a segment for (Nagle), and it returns urgent bytes
	 * too
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

const char *ip_refuse_port(in_port_t port, const struct answer_rules *rules)
{
	if (port == 0)
		return "source port 0 cannot be answered";
	if (ntohs(port) < 1024 && !rules->low_ports)
		return "source port below 1024 (--allow-low-ports)";
	return NULL;
}

const char *ip_refuse_hops(int hops)
{
	return hops <= 1 ? "its last hop is spent, as in a loop of echo services" : NULL;
}
