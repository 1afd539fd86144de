#ifndef AF_INET_MARK_H
#define AF_INET_MARK_H

#include "base/error.h"

/* struct family's mark. */
int af_inet_mark(int fd, int dscp, int hops, struct error *error);

#endif
