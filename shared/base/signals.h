#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include "base/error.h"

/*
 * SIGINT and SIGTERM as something to wait for: the first one makes STOP readable, the second HURRY.
 * Nobody reads these pipes, so every thread's loop sees the same signal (self-pipe, with the pipe
 * standing for the state instead of carrying it).
 */
struct signals {
	int stop;
	int hurry;
};

/* Installs the handlers, and ignores SIGPIPE. The descriptors stay until the program ends. */
int signals_catch(struct signals *signals, struct error *error);

#endif
