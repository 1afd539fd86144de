#ifndef COMMANDS_TALK_RECORDS_H
#define COMMANDS_TALK_RECORDS_H

#include "commands/talk_peer.h"

/* Each line a record, each record a line, both ways at once, until the peer ends; or -1. */
int talk_records(struct talk_peer *peer, struct error *error);

/* Each line a datagram, each reply a line, one after the other; or -1. */
int talk_datagrams(struct talk_peer *peer, struct error *error);

#endif
