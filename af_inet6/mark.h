#ifndef AF_INET6_MARK_H
#define AF_INET6_MARK_H

#include "base/error.h"

/* struct family's mark. */
int af_inet6_mark(int fd, int dscp, int hops, struct error *error);

#endif
