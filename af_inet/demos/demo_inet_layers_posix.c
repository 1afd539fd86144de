#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no sockets that see packets (Linux: AF_PACKET)");
}

const struct demo demo_inet_layers = {
	.name = "inet-layers",
	.summary = "a message in its wrappings: Ethernet, IP, UDP or TCP",
	.run = run,
};
