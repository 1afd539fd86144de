#ifndef DEMOS_WAITS_H
#define DEMOS_WAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/*
 * Every wait of a demonstration goes through one of these, and so is over within 1.5 s at most, or
 * sooner where others have run out before it (patience.h). One that has run out fails with
 * ETIMEDOUT.
 */

/*
 * No call on FD waits for longer from now on; then it fails with EAGAIN. For calls that are shown
 * waiting, and in case the kernel does not hold what poll(2) or O_NONBLOCK promise.
 */
void demo_limit(int fd);

/*
 * Sets O_NONBLOCK: 0; or -1, with EINVAL where fcntl(2) says that it was set, and it is not. FD is
 * limited all the same.
 */
int demo_nonblock(int fd);

/* Waits until poll(2) reports one of EVENTS for FD, or an error, or its end. */
bool demo_await(int fd, short events);

/* Waits until FD can be read: data, a connection, the end, an error. */
bool demo_readable(int fd);

/* Can FD be read now? */
bool demo_ready(int fd);

/* Waits until one of two can be read. */
bool demo_either_readable(int first, int second);

/*
 * Waits until BYTES bytes (64 at most) of a stream are there for a single recv(2): what several
 * sends have sent may arrive bit by bit.
 */
bool demo_arrived(int fd, size_t bytes);

/* recv(2), which waits; with MSG_WAITALL for all of LENGTH, or the end. */
ssize_t demo_receive(int fd, void *buffer, size_t length, int flags);

/* accept(2), which waits. */
int demo_accept(int listener);

/* connect(2), which waits; FD is limited from then on. */
int demo_connect(int fd, const void *address, socklen_t length);

/* waitpid(2): the status with which CHILD ended. One that does not end is killed. */
int demo_ended(pid_t child);

#endif
