#ifndef COMMANDS_ACTIVATION_H
#define COMMANDS_ACTIVATION_H

#include "base/error.h"

#include <stdbool.h>

/*
 * How a server is started by something else: systemd's sockets (sd_listen_fds(3)) and its readiness
 * (sd_notify(3)), inetd's descriptor 0, a shell's descriptor to wait on. Each by its own published
 * protocol, without their libraries.
 */

/*
 * How many descriptors, from ACTIVATION_FIRST on, were passed to this very process; 0 if none, and
 * -1 where the variables make no sense or one of those descriptors is not open: so it must be asked
 * before anything is opened here. The environment is cleared, so that no child believes it too.
 */
#define ACTIVATION_FIRST 3
int activation_listen_fds(struct error *error);

/*
 * Moves the socket that is descriptor 0 elsewhere and puts /dev/null on 0, 1 and 2: nothing of ours
 * may reach the peer, and closing ours must close it. Returns the new descriptor.
 */
int activation_inetd(struct error *error);

/* Is standard error the very socket that standard input is? Then nobody would read an error. */
bool activation_speaks_to_peer(void);

/* Can that be done? To be asked before anything is opened: STATUS_USAGE if not. */
int activation_check_ready_fd(int fd, struct error *error);

/* Writes a newline there and closes it. */
int activation_ready_fd(int fd, struct error *error);

/*
 * Sends a state such as "READY=1" to $NOTIFY_SOCKET; nothing is done where there is none. That it
 * could not be sent does not keep the server from serving.
 */
int activation_notify(const char *state, struct error *error);

#endif
