#include "demos/demo.h"

static void run(struct narrator *narrator)
{
	demo_skip(narrator, "the backlog is a hint in POSIX; Linux's count of it is in TCP_INFO");
}

const struct demo demo_tcp_backlog = {
	.name = "tcp-backlog",
	.summary = "listen(fd, n) queues n + 1, and drops the next one's SYN",
	.run = run,
};
