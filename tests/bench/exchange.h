#ifndef BENCH_EXCHANGE_H
#define BENCH_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The plain client of one connection. It verifies nothing, and prints a figure a line: its name,
 * a tab, its value. On any error, and when no reply comes for seconds, it ends the process.
 */

enum exchange_mode {
	EXCHANGE_BLOCK, /* sleep until the reply is there */
	EXCHANGE_SPIN,  /* keep looking for it */
	EXCHANGE_BULK,  /* send and receive at once */
	EXCHANGE_IDLE,  /* one message, then nothing */
};

/* -1 if the name is of no mode. */
int exchange_mode(const char *name);

/*
 * Sends messages of SIZE bytes through FD and awaits each reply before the next, for DURATION
 * nanoseconds after a short warm-up. Prints `rate` (messages a second), `p50` (nanoseconds from
 * sending to the whole reply, not in bulk), `cpu` (nanoseconds a message that process SERVER and
 * its descendants used; not where it is 0), and `messages`, with those of the warm-up. When idle,
 * it prints `idle` alone: nanoseconds of processor time that SERVER used.
 */
void exchange(int fd, enum exchange_mode mode, size_t size, int64_t duration, pid_t server);

#endif
