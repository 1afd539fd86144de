#ifndef COMMANDS_SERVE_LISTEN_H
#define COMMANDS_SERVE_LISTEN_H

#include "commands/shared_secret.h"
#include "net/notation.h"
#include "server/server.h"

#include <stdbool.h>

/* Which sockets `serve` serves, and what is asked of their peers, which not every type can give. */
struct serve_listening {
	struct endpoint_flags flags;
	struct shared_secret secret;
	bool proxy, inetd, both;
	int passed; /* descriptors, by activation_listen_fds() */
	struct misbehave_plan misbehave;
	unsigned fitting; /* faults that can befall what is listened on: serve_listen() sets it */
};

/*
 * Has the server listen: on what was passed to us, then on what was asked for, or else on the
 * defaults. BOUND becomes what it listens on, in this order; the caller frees it.
 */
int serve_listen(struct server *server, struct serve_listening *listening, char **operands,
		 struct endpoint_list *bound, struct error *error);

#endif
