#ifndef BENCH_USAGE_H
#define BENCH_USAGE_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Nanoseconds of processor time, user and system, that PROCESS and its descendants have used so
 * far: exact for those that live, and as wait(2) counts it, in clock ticks, for those that
 * ended. 0 where PROCESS is not there.
 */
int64_t usage_cpu(pid_t process);

/* Bytes of memory that PROCESS has for itself: RssAnon of proc_pid_status(5). */
int64_t usage_memory(pid_t process);

#endif
