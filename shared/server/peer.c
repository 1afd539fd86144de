#include "server/peer.h"

#include "net/endpoint.h"

#include <stdio.h>
#include <string.h>

char *peer_describe(const struct endpoint *at, int fd, const struct sockaddr_storage *address,
		    socklen_t length, char text[PEER_TEXT])
{
	struct endpoint peer;
	struct identity who;
	if (endpoint_from_address((const struct sockaddr *)address, length, at->family, at->kind,
				  &peer) == -1)
		peer = (struct endpoint){ .family = at->family, .kind = at->kind };
	endpoint_format(&peer, text);
	if (peer.family->identify && peer.family->identify(fd, &who) == 0)
		snprintf(text + strlen(text), PEER_TEXT - ENDPOINT_TEXT,
			 "(pid=%ld,uid=%ld,gid=%ld)", (long)who.pid, (long)who.uid, (long)who.gid);
	return text;
}

/* False: the header names nobody. */
static bool find_behind_proxy(const struct proxy_source *source, const struct kind *kind,
			      struct endpoint *peer)
{
	for (const struct family *const *each = families; *each; each++) {
		struct sockaddr_storage address = { 0 };
		if (!(*each)->from_proxy || (*each)->proxy != source->family)
			continue;
		socklen_t length = (*each)->from_proxy(source, &address);
		return length > 0 && endpoint_from_address((const struct sockaddr *)&address,
							   length, *each, kind, peer) == 0;
	}
	return false;
}

char *peer_behind_proxy(const struct proxy_source *source, const struct kind *kind,
			char text[ENDPOINT_TEXT])
{
	struct endpoint peer;
	return find_behind_proxy(source, kind, &peer) ? endpoint_format(&peer, text) : NULL;
}

bool peer_source_behind_proxy(const struct proxy_source *proxy, const struct kind *kind, int fd,
			      struct source *source)
{
	struct endpoint peer;
	if (!find_behind_proxy(proxy, kind, &peer))
		return false;
	*source = (struct source){ .family = peer.family };
	if (peer.family->source)
		source->key = peer.family->source(fd, (const struct sockaddr *)&peer.address);
	return true;
}

struct source peer_source(const struct endpoint *at, int fd, const struct sockaddr_storage *address,
			  socklen_t length)
{
	struct source source = { .family = at->family };
	struct endpoint peer;
	if (endpoint_from_address((const struct sockaddr *)address, length, at->family, at->kind,
				  &peer) == 0)
		source.family = peer.family;
	if (source.family->source)
		source.key = source.family->source(fd, (const struct sockaddr *)&peer.address);
	return source;
}

bool peer_is_allowed(const struct allowed *allowed, const struct endpoint *at, int fd)
{
	struct identity who;
	if (!allowed || !at->family->identify)
		return true;
	if (at->family->identify(fd, &who) == -1)
		return false;
	for (size_t i = 0; i < allowed->uid_count; i++)
		if (allowed->uids[i] == who.uid)
			return true;
	for (size_t i = 0; i < allowed->gid_count; i++)
		if (allowed->gids[i] == who.gid)
			return true;
	return false;
}
