#include "base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t now_of(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

int64_t clock_now(void)
{
	return now_of(CLOCK_MONOTONIC);
}

int64_t clock_of_day(void)
{
	return now_of(CLOCK_REALTIME);
}

int clock_poll_timeout(int64_t until)
{
	if (until == NEVER)
		return -1;
	if (until == 0)
		return 0;
	int64_t left = until - clock_now();
	if (left <= 0)
		return 0;
	int64_t milliseconds = (left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
	return milliseconds > INT_MAX ? INT_MAX : (int)milliseconds;
}
