#include "server/listener.h"

#include <unistd.h>

void listener_close(struct listener *listener)
{
	if (listener->fd == -1)
		return;
	/* the name goes first: whoever still finds it is refused, and not left waiting */
	if (listener->claim)
		family_release(listener->endpoint.family, listener->claim);
	listener->claim = NULL;
	close(listener->fd);
	listener->fd = -1;
}

void listener_leave(struct listener *listener)
{
	if (atomic_fetch_sub(&listener->users, 1) == 1)
		listener_close(listener);
}
