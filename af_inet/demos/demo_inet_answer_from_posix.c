#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator,
		  "POSIX cannot tell which address a datagram was sent to (Linux: IP_PKTINFO)");
}

const struct demo demo_inet_answer_from = {
	.name = "inet-answer-from",
	.summary = "a wildcard UDP server must answer from where it was asked",
	.run = run,
};
