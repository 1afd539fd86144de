#include "demos/demo.h"

#include "af_inet6/demos/demos.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no way to receive the hop limit (RFC 3542 has)");
}

const struct demo demo_inet6_hop_limit = {
	.name = "inet6-hop-limit",
	.summary = "the hop limit that a message came with",
	.run = run,
};
