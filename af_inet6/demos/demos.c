#include "af_inet6/demos/demos.h"

#include <stddef.h>

/* In the order of --list; demo.h tells how to add one. */
const struct demo af_inet6_demos[] = {
	{ "inet6-v4-mapped", "dual stack: an IPv4 client is ::ffff:127.0.0.1",
	  demo_inet6_v4_mapped },
	{ "inet6-v6only", "with IPV6_V6ONLY, both wildcards share a port", demo_inet6_v6only },
	{ "inet6-loopbacks", "a listener on ::1 is not on 127.0.0.1", demo_inet6_loopbacks },
	{ "inet6-largest", "65527 bytes fit a UDP message, 20 more than IPv4", demo_inet6_largest },
	{ "inet6-link-local-zone", "a link-local address without a zone is EINVAL",
	  demo_inet6_link_local_zone },
	{ "inet6-multicast", "one message to a group reaches all who joined it",
	  demo_inet6_multicast },
	{ "inet6-answer-from", "a UDP answer comes from the address that was asked",
	  demo_inet6_answer_from },
	{ "inet6-hop-limit", "the hop limit that a message arrived with", demo_inet6_hop_limit },
	{ NULL, NULL, NULL },
};
