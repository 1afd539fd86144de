#include "af_inet/demos/demos.h"

/* What only Linux has, in a build without it: each demonstration says why it is not shown. */

void demo_tcp_handshake(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no call that tells a TCP socket's state (Linux: TCP_INFO)");
}

void demo_tcp_backlog(struct narrator *narrator)
{
	demo_skip(narrator, "the backlog is a hint in POSIX; Linux's count of it is in TCP_INFO");
}

void demo_inet_answer_from(struct narrator *narrator)
{
	demo_skip(narrator,
		  "POSIX cannot tell which address a datagram was sent to (Linux: IP_PKTINFO)");
}

void demo_inet_multicast(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no multicast for IPv4 (elsewhere: IP_ADD_MEMBERSHIP)");
}

void demo_inet_reuseport(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX.1-2008 has no SO_REUSEPORT");
}

void demo_inet_layers(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no sockets that see packets (Linux: AF_PACKET)");
}
