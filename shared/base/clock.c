#include "base/clock.h"

#include <limits.h>
#include <time.h>

int64_t clock_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
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
