#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

/*
 * Memory for what is sent and received. It begins with a page: the kernel copies to and from an
 * address such as malloc(3) returns for much, 16 bytes into a page, several times slower. Freed
 * with free(3). NULL with errno: there is none.
 */
void *pages_new(size_t size);

#endif
