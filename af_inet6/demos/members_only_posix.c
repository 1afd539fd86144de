#include "af_inet6/demos/members_only.h"

#include <errno.h>

/* POSIX does not say who gets what is sent to a group. */
bool demo_members_only(int fd)
{
	(void)fd;
	errno = ENOPROTOOPT;
	return false;
}
