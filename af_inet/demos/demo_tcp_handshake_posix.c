#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX has no call that tells a TCP socket's state (Linux: TCP_INFO)");
}

const struct demo demo_tcp_handshake = {
	.name = "tcp-handshake",
	.summary = "three segments open a connection, through five states",
	.run = run,
};
