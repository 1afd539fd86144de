#ifndef COMMANDS_TALK_PEER_H
#define COMMANDS_TALK_PEER_H

#include "base/error.h"
#include "net/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whom talk talks to. All of its ways, at a terminal or in a pipe, have this in common. */
struct talk_peer {
	struct client *client;
	bool simple;              /* the proof was one that is refused without a word */
	int64_t timeout;          /* nanoseconds of silence; NEVER: any */
	bool plain;               /* at a terminal, without an editor of ours */
	bool interrupted;         /* by ^C: the program is to end as SIGINT would end it */
	char name[ENDPOINT_TEXT]; /* for errors */
};

/* Sends one record or datagram, waiting for room until UNTIL. */
int talk_peer_send(struct talk_peer *peer, const char *text, size_t length, int64_t until,
		   struct error *error);

/* Errors that all ways have: errno NUMBER from the socket, the peer's early end, silence. */
int talk_peer_broken(struct talk_peer *peer, int number, struct error *error);
int talk_peer_closed_early(struct talk_peer *peer, struct error *error);
int talk_peer_refused(struct talk_peer *peer, struct error *error); /* it ended before any echo */
int talk_peer_silent(struct talk_peer *peer, struct error *error);

#endif
