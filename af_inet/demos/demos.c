#include "af_inet/demos/demos.h"

#include <stddef.h>

/* In the order of --list; demo.h tells how to add one. */
const struct demo af_inet_demos[] = {
	{ "tcp-handshake", "three segments open a connection; five states", demo_tcp_handshake },
	{ "tcp-teardown", "each direction closes by its own FIN; six states", demo_tcp_teardown },
	{ "tcp-backlog", "listen(fd, n) queues n + 1 and drops the next SYN", demo_tcp_backlog },
	{ "tcp-half-close", "one direction ends, the other goes on", demo_tcp_half_close },
	{ "tcp-reset", "a RST ends both directions: ECONNRESET, EPIPE", demo_tcp_reset },
	{ "tcp-time-wait", "TIME_WAIT holds a port; SO_REUSEADDR binds anyway",
	  demo_tcp_time_wait },
	{ "tcp-boundaries", "a stream of bytes has no messages in it", demo_tcp_boundaries },
	{ "tcp-urgent", "an urgent byte is read separately, or in place", demo_tcp_urgent },
	{ "tcp-nagle", "two small writes wait for an ACK, or TCP_NODELAY", demo_tcp_nagle },
	{ "udp-boundaries", "each datagram arrives whole, an empty one too", demo_udp_boundaries },
	{ "udp-truncation", "what does not fit the buffer is lost (MSG_TRUNC)",
	  demo_udp_truncation },
	{ "udp-overflow", "a full queue drops datagrams and tells nobody", demo_udp_overflow },
	{ "udp-large", "one datagram carries 65507 bytes at most", demo_udp_large },
	{ "udp-refused", "only a connected socket learns that nobody listens", demo_udp_refused },
	{ "inet-answer-from", "a UDP server must answer from where it was asked",
	  demo_inet_answer_from },
	{ "inet-bind", "what bind() to 127.0.0.1, 0.0.0.0 and port 0 means", demo_inet_bind },
	{ "inet-broadcast", "a broadcast needs SO_BROADCAST, else EACCES", demo_inet_broadcast },
	{ "inet-multicast", "whoever joins a group receives what is sent to it",
	  demo_inet_multicast },
	{ "inet-reuseport", "listeners share a port; clients are spread", demo_inet_reuseport },
	{ "inet-layers", "a message inside Ethernet, IP, and UDP or TCP", demo_inet_layers },
	{ NULL, NULL, NULL },
};
