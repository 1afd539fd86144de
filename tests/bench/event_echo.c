/* An echo server in a few lines of libevent: event_echo KIND WHERE, for streams only. */
#define _GNU_SOURCE
#include "place.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

static void received(struct bufferevent *connection, void *context)
{
	(void)context;
	bufferevent_write_buffer(connection, bufferevent_get_input(connection));
}

static void ended(struct bufferevent *connection, short what, void *context)
{
	(void)what, (void)context;
	bufferevent_free(connection);
}

static void connected(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer,
		      int length, void *context)
{
	(void)listener, (void)peer, (void)length;
	struct bufferevent *connection = bufferevent_socket_new(context, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!connection)
		fail("bufferevent");
	bufferevent_setcb(connection, received, NULL, ended, NULL);
	bufferevent_enable(connection, EV_READ | EV_WRITE);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	struct place place = place_read(argv[1], argv[2]);
	int fd = place_listen(&place);
	place_nonblocking(fd);
	struct event_base *base = event_base_new();
	/* it listens already */
	if (!evconnlistener_new(base, connected, base, LEV_OPT_CLOSE_ON_FREE, 0, fd))
		fail("evconnlistener");
	return event_base_dispatch(base);
}
