#ifndef AF_UNIX_OWN_ADDRESS_H
#define AF_UNIX_OWN_ADDRESS_H

#include "net/family.h"

/* struct family's own_address: an unbound unix datagram client cannot be answered. */
int own_address_give(int fd, struct claim **claim, struct error *error);

#endif
