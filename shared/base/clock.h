#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/*
 * All moments and spans of time are int64_t nanoseconds. NEVER is a span without a limit, and a
 * moment that does not come.
 */
#define NSEC_PER_SEC INT64_C(1000000000)
#define NSEC_PER_MSEC INT64_C(1000000)
#define NSEC_PER_USEC INT64_C(1000)
#define NEVER INT64_MAX

/* The time of CLOCK_MONOTONIC (POSIX): comparable until the next boot, and never set back. */
int64_t clock_now(void);

/* The time of day: nanoseconds since the Epoch (CLOCK_REALTIME); it may be set, forth and back. */
int64_t clock_of_day(void);

/* For poll(2) and epoll_wait(2): the milliseconds until a moment, rounded up; -1 for NEVER. */
int clock_poll_timeout(int64_t until);

#endif
