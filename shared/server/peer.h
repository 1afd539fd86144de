#ifndef SERVER_PEER_H
#define SERVER_PEER_H

#include "server/service.h"

/* Who a connection's peer is: for the log, and for who may come in. */

#define PEER_TEXT (ENDPOINT_TEXT + 64)

/* Writes its endpoint, which for some has no name, and what the kernel knows of it. Returns TEXT. */
char *peer_describe(const struct endpoint *at, int fd, const struct sockaddr_storage *address,
		    socklen_t length, char text[PEER_TEXT]);

/* Writes who is behind a proxy, by its header. Returns TEXT, or NULL where it names nobody. */
char *peer_behind_proxy(const struct proxy_source *source, const struct kind *kind,
			char text[ENDPOINT_TEXT]);

/* Where it comes from, as far as one peer can be told from another by that (server/door.h). */
struct source peer_source(const struct endpoint *at, int fd, const struct sockaddr_storage *address,
			  socklen_t length);

/* The same of who is behind the proxy at FD, by its header. False: that names nobody. */
bool peer_source_behind_proxy(const struct proxy_source *proxy, const struct kind *kind, int fd,
			      struct source *source);

/* ALLOWED may be NULL: all. A family that knows no users, as TCP has none, lets all in. */
bool peer_is_allowed(const struct allowed *allowed, const struct endpoint *at, int fd);

#endif
