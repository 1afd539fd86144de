#ifndef COMMANDS_TALK_TERMINAL_H
#define COMMANDS_TALK_TERMINAL_H

#include "commands/talk_peer.h"

/* Standard input is a terminal: a prompt, and a message a line. Until `exit`; or -1. */
int talk_terminal(struct talk_peer *peer, struct error *error);

#endif
