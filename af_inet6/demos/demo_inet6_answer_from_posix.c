#include "demos/demo.h"

#include "af_inet6/demos/demos.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "POSIX does not tell which address was asked (RFC 3542 does)");
}

const struct demo demo_inet6_answer_from = {
	.name = "inet6-answer-from",
	.summary = "a UDP answer comes from the address that was asked",
	.run = run,
};
