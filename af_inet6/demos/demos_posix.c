#include "af_inet6/demos/demos.h"

/* What only Linux has, in a build without it: each demonstration says why it is not shown. */

void demo_inet6_answer_from(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX does not tell which address was asked (RFC 3542 does)");
}

void demo_inet6_hop_limit(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no way to receive the hop limit (RFC 3542 has)");
}
