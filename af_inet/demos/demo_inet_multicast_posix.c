#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no multicast for IPv4 (elsewhere: IP_ADD_MEMBERSHIP)");
}

const struct demo demo_inet_multicast = {
	.name = "inet-multicast",
	.summary = "who joins a group receives what is sent to it",
	.run = run,
};
