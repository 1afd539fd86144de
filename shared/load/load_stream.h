#ifndef LOAD_LOAD_STREAM_H
#define LOAD_LOAD_STREAM_H

#include "load/load_ledger.h"

/* Messages as the bytes of a stream: replies come in their order, cut anywhere. */

/* Sends what is due. */
void load_stream_send(struct load_connection *connection);

/* Receives and verifies what is there, and sends what is due then. Was there anything? */
bool load_stream_receive(struct load_connection *connection);

#endif
