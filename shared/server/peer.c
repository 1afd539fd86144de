#include "server/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

char *peer_describe(const struct endpoint *at, int fd, const struct sockaddr_storage *address,
		    socklen_t length)
{
	char text[ENDPOINT_TEXT + 64];
	struct endpoint peer;
	struct identity who;
	if (endpoint_from_address((const struct sockaddr *)address, length, at->kind, &peer) == -1)
		peer = (struct endpoint){ .family = at->family, .kind = at->kind };
	endpoint_format(&peer, text);
	if (peer.family->identify && peer.family->identify(fd, &who) == 0)
		snprintf(text + strlen(text), 64, "(pid=%ld,uid=%ld,gid=%ld)", (long)who.pid,
			 (long)who.uid, (long)who.gid);
	return strdup(text);
}

char *peer_behind_proxy(const struct proxy_source *source, const struct kind *kind)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(source->port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(source->port) };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	const void *address = &in;
	socklen_t length = sizeof(in);
	char text[ENDPOINT_TEXT];
	struct endpoint peer;
	switch (source->family) {
	case PROXY_UNSPEC:
		return NULL;
	case PROXY_INET:
		memcpy(&in.sin_addr, source->address, sizeof(in.sin_addr));
		break;
	case PROXY_INET6:
		memcpy(&in6.sin6_addr, source->address, sizeof(in6.sin6_addr));
		address = &in6;
		length = sizeof(in6);
		break;
	case PROXY_UNIX:
		memcpy(un.sun_path, source->address, sizeof(un.sun_path));
		address = &un;
		length = sizeof(un);
	}
	if (endpoint_from_address(address, length, kind, &peer) == -1)
		return NULL;
	return strdup(endpoint_format(&peer, text));
}

struct source peer_source(const struct endpoint *at, int fd, const struct sockaddr_storage *address,
			  socklen_t length)
{
	struct source source = { .family = at->family };
	struct endpoint peer;
	if (endpoint_from_address((const struct sockaddr *)address, length, at->kind, &peer) == 0)
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
