#include "af_inet6/demos/demos.h"

#include <stddef.h>

/*
 * In the order of --list. To add one: its file here, a line in demos.h, a line below: one each, which
 * the formatter would not leave.
 */
/* clang-format off */
const struct demo *const af_inet6_demos[] = {
	&demo_inet6_v4_mapped,
	&demo_inet6_v6only,
	&demo_inet6_loopbacks,
	&demo_inet6_largest,
	&demo_inet6_link_local_zone,
	&demo_inet6_multicast,
	&demo_inet6_answer_from,
	&demo_inet6_hop_limit,
	NULL,
};
/* clang-format on */
