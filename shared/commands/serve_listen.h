#ifndef COMMANDS_SERVE_LISTEN_H
#define COMMANDS_SERVE_LISTEN_H

#include "commands/secret.h"
#include "net/notation.h"
#include "server/server.h"

#include <stdbool.h>

/* Which sockets `serve` serves, and what is asked of their peers, which not every type can give. */
struct serve_listening {
	struct endpoint_flags flags;
	struct secret secret;
	bool proxy, inetd;
};

/*
 * The sockets in the order: what was passed to us, then what was asked for; or else the defaults.
 * Prints a line for each listener, but none with --inetd.
 */
int serve_listen(struct server *server, const struct serve_listening *listening, char **operands,
		 struct error *error);

#endif
