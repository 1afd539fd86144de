#include "base/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void *pages_new(size_t size)
{
	void *memory;
	long page = sysconf(_SC_PAGESIZE);
	int number = posix_memalign(&memory, page > 0 ? (size_t)page : 4096, size);
	if (number == 0)
		return memory;
	errno = number;
	return NULL;
}
