#include "server/introduce.h"

#include "net/endpoint.h"
#include "server/peer.h"

#include <stdlib.h>
#include <string.h>

/* The names of both sides, and what the facts point to. */
struct sides {
	struct who_facts facts;
	char peer[ENDPOINT_TEXT], local[ENDPOINT_TEXT];
};

/* NULL: it has no name. The family may turn out to be another than that of the listener. */
static const char *name_of(const struct sockaddr *address, socklen_t length,
			   const struct endpoint *like, char *text, struct endpoint *endpoint)
{
	if (length <= sizeof(sa_family_t) ||
	    endpoint_from_address(address, length, like->family, like->kind, endpoint) == -1)
		return NULL;
	return endpoint_format(endpoint, text);
}

static void begin(struct sides *sides, const struct service *service, const struct endpoint *at,
		  const struct sockaddr *peer, socklen_t length)
{
	struct endpoint endpoint = *at;
	struct who_facts *facts = &sides->facts;
	*facts = (struct who_facts){ .type = at->kind->name, .name = service->options->name };
	facts->peer = name_of(peer, length, at, sides->peer, &endpoint);
	facts->family = endpoint.family->name;
	facts->has_user = at->family->identify != NULL;
	facts->pid = facts->uid = facts->gid = WHO_UNKNOWN;
	facts->has_hops = !at->kind->connected && at->family->ask_all;
	facts->ttl = facts->dscp = facts->ecn = WHO_UNKNOWN;
}

static void set_user(struct who_facts *facts, const struct identity *who)
{
	facts->pid = who->pid;
	facts->uid = who->uid;
	facts->gid = who->gid;
}

/* The header's source and destination; either may name nobody. */
static void read_header(const struct conversation_memory *memory, const struct kind *kind,
			struct who_proxy *proxy, char source[ENDPOINT_TEXT],
			char destination[ENDPOINT_TEXT])
{
	const struct proxy_more *more = memory->more;
	struct proxy_source other = { .family = memory->source.family, .port = more->port };
	memcpy(other.address, more->address, sizeof(other.address));
	*proxy = (struct who_proxy){ .source = peer_behind_proxy(&memory->source, kind, source),
				     .destination = peer_behind_proxy(&other, kind, destination),
				     .tlvs = more->tlvs,
				     .length = more->length };
}

char *introduce_connection(const struct service *service, const struct endpoint *at, int fd,
			   const struct conversation_memory *memory)
{
	struct sides sides;
	struct endpoint own, local;
	struct error ignored; /* then it is null */
	struct identity who;
	struct who_proxy proxy;
	struct sockaddr_storage peer = { 0 };
	socklen_t length = sizeof(peer);
	char source[ENDPOINT_TEXT], destination[ENDPOINT_TEXT];
	if (getpeername(fd, (struct sockaddr *)&peer, &length) == -1)
		length = 0;
	begin(&sides, service, at, (const struct sockaddr *)&peer, length);
	if (endpoint_of_socket(fd, &own, &ignored) == 0)
		sides.facts.local = name_of((const struct sockaddr *)&own.address, own.length, at,
					    sides.local, &local);
	if (at->family->identify && at->family->identify(fd, &who) == 0)
		set_user(&sides.facts, &who);
	if (service->options->plan.proxy) {
		read_header(memory, at->kind, &proxy, source, destination);
		sides.facts.proxy = &proxy;
	}
	who_begin(&sides.facts, service->text, WHO_ROOM);
	return strdup(service->text);
}

void introduce_datagram(const struct service *service, const struct endpoint *bound,
			struct msghdr *header, char *text)
{
	struct sides sides;
	struct endpoint local = *bound;
	struct told told = { .ttl = -1, .dscp = -1, .ecn = -1 };
	begin(&sides, service, bound, header->msg_name, header->msg_namelen);
	if (bound->family->tell)
		bound->family->tell(header, bound, &told);
	if (told.local_length > 0)
		sides.facts.local = name_of((const struct sockaddr *)&told.local, told.local_length,
					    bound, sides.local, &local);
	else
		sides.facts.local = endpoint_format(bound, sides.local);
	if (told.identified)
		set_user(&sides.facts, &told.who);
	sides.facts.ttl = told.ttl;
	sides.facts.dscp = told.dscp;
	sides.facts.ecn = told.ecn;
	who_begin(&sides.facts, text, WHO_ROOM);
}
