#include "net/hostport.h"

#include "net/family.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Numbers are checked here, for resolvers differ in what they make of 65536 and
 * +7; names are theirs.
 */
static int check_port(const char *port, const char *where, struct error *error)
{
	bool number = port[strspn(port, "0123456789")] == '\0';
	if (!isalnum((unsigned char)*port) || (number && (strlen(port) > 5 || atoi(port) > 65535)))
		return error_set(error, STATUS_USAGE, "%s: a port is a number from 0 to 65535",
				 where);
	return 0;
}

static int resolver_error(int code, const char *where, struct error *error)
{
	switch (code) {
	case EAI_AGAIN:
	case EAI_FAIL:
		return error_set(error, STATUS_TRY_AGAIN, "%s: %s", where, gai_strerror(code));
	case EAI_SERVICE:
		return error_set(error, STATUS_USAGE, "%s: no such port or service", where);
	case EAI_SYSTEM:
		return error_system(error, STATUS_SYSTEM, errno, "%s", where);
	case EAI_MEMORY:
		return error_set(error, STATUS_SYSTEM, "%s: %s", where, gai_strerror(code));
	default:
		return error_set(error, STATUS_NO_HOST, "%s: %s", where, gai_strerror(code));
	}
}

int hostport_lookup(const char *host, const char *port, const struct family *family,
		    const struct kind *kind, const char *where, struct endpoint_list *list,
		    struct error *error)
{
	if (check_port(port, where, error) == -1)
		return -1;
	struct addrinfo hints = { .ai_family = family ? family->domain : AF_UNSPEC,
				  .ai_socktype = kind->socktype };
	if (strcmp(host, "*") == 0) {
		hints.ai_flags = AI_PASSIVE;
		host = NULL;
	} else if (*host == '\0') {
		host = NULL; /* loopback */
	}
	struct addrinfo *found;
	int code = getaddrinfo(host, port, &hints, &found);
	if (code != 0)
		return resolver_error(code, where, error);

	int result = 0;
	size_t before = list->count;
	for (struct addrinfo *each = found; each && result == 0; each = each->ai_next) {
		struct endpoint endpoint;
		if (endpoint_from_address(each->ai_addr, each->ai_addrlen, family, kind,
					  &endpoint) == 0 &&
		    family_has(endpoint.family, kind))
			result = endpoint_list_add(list, &endpoint, error);
	}
	freeaddrinfo(found);
	if (result == 0 && list->count == before)
		return error_set(error, STATUS_NO_HOST, "%s: its addresses are of no family here",
				 where);
	return result;
}

/* Cuts "HOST:PORT" in two; returns where the port begins, or the default one. */
static const char *split(const char *address, char host[HOSTPORT_HOST])
{
	size_t length = strcspn(address, ":");
	if (length >= HOSTPORT_HOST)
		return NULL;
	memcpy(host, address, length);
	host[length] = '\0';
	return address[length] == ':' ? address + length + 1 : HOSTPORT_DEFAULT_PORT;
}

bool hostport_has(const struct kind *kind)
{
	for (const struct family *const *each = families; *each; each++)
		if (((*each)->domain == AF_INET || (*each)->domain == AF_INET6) &&
		    family_has(*each, kind))
			return true;
	return false;
}

bool hostport_is_ipv4(const char *address)
{
	char host[HOSTPORT_HOST];
	struct in_addr ignored;
	const char *port = split(address, host);
	return port && !strpbrk(port, ":/") && inet_pton(AF_INET, host, &ignored) == 1;
}

bool hostport_is_hostless(const char *address)
{
	char host[HOSTPORT_HOST];
	const char *port = split(address, host);
	return port && !strpbrk(port, ":/") && (*host == '\0' || strcmp(host, "*") == 0);
}

int hostport_resolve(const char *address, const struct family *family, const struct kind *kind,
		     struct endpoint_list *list, struct error *error)
{
	char host[HOSTPORT_HOST];
	const char *port = split(address, host);
	if (!port)
		return error_set(error, STATUS_USAGE, "%s: no host name is that long", address);
	if (*port == '\0')
		return error_set(error, STATUS_USAGE, "%s: the port behind ':' is missing",
				 address);
	for (const char *byte = address; *byte; byte++)
		if (isspace((unsigned char)*byte) || iscntrl((unsigned char)*byte) ||
		    strchr("/@[]\\", *byte))
			return error_set(error, STATUS_USAGE, "%s: not HOST:PORT", address);
	if (strchr(port, ':'))
		return error_set(error, STATUS_USAGE, "%s: not HOST:PORT", address);
	if (family && family->domain == AF_INET6 && hostport_is_ipv4(host))
		return error_set(error, STATUS_USAGE, "%s: an IPv4 address, not an inet6 one",
				 address);
	return hostport_lookup(host, port, family, kind, address, list, error);
}

int hostport_source(const char *address, struct endpoint_list *list, bool *fixed,
		    struct error *error)
{
	char text[HOSTPORT_HOST + 8];
	const char *first = strchr(address, ':');
	bool literal = *address == '[' || (first && strchr(first + 1, ':'));
	const char *end = *address == '[' ? strchr(address, ']') : NULL;
	const char *colon = literal ? (end ? strchr(end, ':') : NULL) : first;
	if (strlen(address) >= HOSTPORT_HOST || strchr(address, '+'))
		return error_set(error, STATUS_USAGE, "is not ADDRESS or ADDRESS:PORT");
	*fixed = colon && strcmp(colon, ":0") != 0;
	if (colon)
		snprintf(text, sizeof(text), "%s", address);
	else
		snprintf(text, sizeof(text), literal && *address != '[' ? "[%s]:0" : "%s:0",
			 address);
	size_t digits = strspn(text, "0123456789.");
	if (digits > 0 && text[digits] == ':' && !hostport_is_ipv4(text))
		return error_set(error, STATUS_USAGE, "is not a whole IPv4 address");
	if (!literal)
		return hostport_resolve(text,
					hostport_is_ipv4(text) ? family_by_domain(AF_INET) : NULL,
					kind_stream, list, error);
	const struct family *inet6 = family_by_domain(AF_INET6);
	if (!inet6)
		return error_set(error, STATUS_USAGE, "is of no family here");
	return inet6->resolve(text, kind_stream, list, error);
}
