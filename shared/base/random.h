#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/error.h"

#include <stddef.h>

/*
 * Random bytes for secrets, from the kernel: /dev/urandom (random(4)), which every POSIX system
 * has, though POSIX does not mention it. It is opened once, and kept open, so that a lack of
 * descriptors cannot take it away later.
 */
int random_open(struct error *error); /* a descriptor, the caller's to close */

/* -1 with errno if the kernel has none to give: then no secret may be made of BYTES. */
int random_bytes(int fd, void *bytes, size_t length);

#endif
