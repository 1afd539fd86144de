#ifndef LOAD_LOAD_RECORDS_H
#define LOAD_LOAD_RECORDS_H

#include "load/load_ledger.h"

/* A record or datagram for each message: the number in it says which one a reply is for. */

/* Sends what is due. */
void load_records_send(struct load_connection *connection);

/* Receives and verifies what is there, and sends what is due then. Was there anything? */
bool load_records_receive(struct load_connection *connection);

#endif
