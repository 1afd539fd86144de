#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include "base/error.h"

/*
 * SIGINT and SIGTERM as descriptors to wait for: the first signal makes STOP readable, the
 * second one HURRY. All are pipes that nobody reads from, so they stay readable, and the
 * loop of every thread sees the signal. (This is the self-pipe trick, with a pipe that is
 * a state, not a queue.)
 */
struct signals {
	int stop;
	int end; /* -1, but with signals_catch_graceful() */
	int hurry;
};

/* Installs the handlers, and ignores SIGPIPE. The descriptors stay open until the program ends. */
int signals_catch(struct signals *signals, struct error *error);

/*
 * The same for a program that can stop in two steps: a first SIGTERM makes STOP alone readable, the
 * next signal END, and the one after that HURRY. A first SIGINT makes both STOP and END readable.
 */
int signals_catch_graceful(struct signals *signals, struct error *error);

#endif
