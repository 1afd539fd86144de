#include "af_inet/demos/demos.h"

#include <stddef.h>

/*
 * In the order of --list. To add one: its file here, a line in demos.h, a line below: one each, which
 * the formatter would not leave.
 */
/* clang-format off */
const struct demo *const af_inet_demos[] = {
	&demo_tcp_handshake,
	&demo_tcp_teardown,
	&demo_tcp_backlog,
	&demo_tcp_half_close,
	&demo_tcp_reset,
	&demo_tcp_time_wait,
	&demo_tcp_boundaries,
	&demo_tcp_urgent,
	&demo_tcp_nagle,
	&demo_udp_boundaries,
	&demo_udp_truncation,
	&demo_udp_overflow,
	&demo_udp_large,
	&demo_udp_refused,
	&demo_inet_answer_from,
	&demo_inet_bind,
	&demo_inet_broadcast,
	&demo_inet_multicast,
	&demo_inet_reuseport,
	&demo_inet_layers,
	NULL,
};
/* clang-format on */
