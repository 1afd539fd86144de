#ifndef COMMANDS_TALK_STREAM_H
#define COMMANDS_TALK_STREAM_H

#include "commands/talk_peer.h"

/* Bytes both ways at once, half-close at the end of input, until the peer ends; or -1. */
int talk_stream(struct talk_peer *peer, struct error *error);

#endif
