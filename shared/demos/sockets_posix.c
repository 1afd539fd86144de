#include "demos/sockets.h"

/* POSIX has no call that tells it. */
int demo_path_mtu(int fd)
{
	(void)fd;
	return 0;
}
