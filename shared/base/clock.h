#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Times and spans are int64_t nanoseconds everywhere; a span of NEVER is no limit. */
#define NSEC_PER_SEC INT64_C(1000000000)
#define NSEC_PER_MSEC INT64_C(1000000)
#define NSEC_PER_USEC INT64_C(1000)
#define NEVER INT64_MAX

/* CLOCK_MONOTONIC (POSIX): comparable within this boot, never set back. */
int64_t clock_now(void);

/* For poll(2) and epoll_wait(2): milliseconds until a moment, rounded up; -1 for NEVER. */
int clock_poll_timeout(int64_t until);

#endif
