#ifndef COMMANDS_OWN_SERVER_H
#define COMMANDS_OWN_SERVER_H

#include "commands/lanes.h"

#include <sys/types.h>

/*
 * The program's own server on every lane, as a process of its own: a client measures
 * it like any other.
 */
struct own_server {
	pid_t pid;
	int stop; /* it ends when this is closed, also by the end of this process */
	struct lane_list lanes;
};

int own_server_start(struct own_server *own, const char *congestion, struct error *error);

/* Waits for its end, and frees the lanes; -1 if it did not end in order. */
int own_server_stop(struct own_server *own, struct error *error);

#endif
