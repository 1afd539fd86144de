#include "net/hostport.h"

#include "net/family.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_number(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

/*
 * Numbers are checked here, for resolvers differ in what they make of 65536 and
 * +7; names are theirs.
 */
static int check_port(const char *port, const char *where, struct error *error)
{
	bool number = is_number(port);
	if (!isalnum((unsigned char)*port) || (number && (strlen(port) > 5 || atoi(port) > 65535)))
		return error_set(error, STATUS_USAGE, "%s: a port is a number from 0 to 65535",
				 where);
	return 0;
}

/* What inet_aton(3) makes of four numbers in decimal, "010.0.0.1", where it takes them as octal. */
static bool reads_in_decimal(const char *host, char text[INET_ADDRSTRLEN])
{
	unsigned a, b, c, d;
	char more;
	if (host[strspn(host, "0123456789.")] != '\0' || strlen(host) > 15 ||
	    sscanf(host, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &more) != 4 || a > 255 || b > 255 ||
	    c > 255 || d > 255)
		return false;
	snprintf(text, INET_ADDRSTRLEN, "%u.%u.%u.%u", a, b, c, d);
	return true;
}

/* Is its last label a number? Then no name system has it: it is an address, well written or not. */
static bool ends_in_number(const char *host)
{
	const char *last = host, *digits = "0123456789";
	for (const char *dot = host; (dot = strchr(dot, '.')) && dot[1]; dot++)
		last = dot + 1;
	if (last[0] == '0' && (last[1] == 'x' || last[1] == 'X')) {
		last += 2;
		digits = "0123456789abcdefABCDEF";
	}
	const char *end = last + strspn(last, digits);
	return isxdigit((unsigned char)*last) && (*end == '\0' || strcmp(end, ".") == 0);
}

/*
 * A resolver takes `8888` for 0.0.34.184 and `127.1` for 127.0.0.1, as inet_aton(3) did; who types
 * that nearly always means something else.
 */
static int check_host(const char *host, const char *where, struct error *error)
{
	struct in_addr address;
	char decimal[INET_ADDRSTRLEN], legacy[INET_ADDRSTRLEN];
	if (!ends_in_number(host) || inet_pton(AF_INET, host, &address) == 1)
		return 0;
	if (is_number(host) && strcmp(host, where) == 0 && check_port(host, where, error) == 0)
		return error_set(error, STATUS_USAGE, "%s: a port alone is :%s", where, host);
	if (is_number(host))
		return error_set(error, STATUS_USAGE,
				 "%s: %s is no host, which is a name or an address like 127.0.0.1",
				 where, host);
	address.s_addr = inet_addr(host);
	bool any = address.s_addr != (in_addr_t)-1;
	inet_ntop(AF_INET, &address, legacy, sizeof(legacy));
	error_set(error, STATUS_USAGE, "%s: an IPv4 address is four decimal numbers up to 255",
		  where);
	if (reads_in_decimal(host, decimal) && any && strcmp(decimal, legacy) != 0)
		error_append(error, ": %s? (in octal that is %s)", decimal, legacy);
	else if (any)
		error_append(error, ": %s?", legacy);
	return -1;
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
	if (check_port(port, where, error) == -1 || check_host(host, where, error) == -1)
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
	struct in6_addr ignored;
	const char *port = split(address, host);
	if (!port)
		return error_set(error, STATUS_USAGE, "%s: no host name is that long", address);
	if (*port == '\0')
		return error_set(error, STATUS_USAGE, "%s: the port behind ':' is missing",
				 address);
	if (*address == '[' || strchr(port, ':'))
		return error_set(error, STATUS_USAGE,
				 *address == '[' || inet_pton(AF_INET6, address, &ignored) == 1
					 ? "%s: an IPv6 address, not an IPv4 one"
					 : "%s: not HOST:PORT",
				 address);
	for (const char *byte = address; *byte; byte++)
		if (isspace((unsigned char)*byte) || iscntrl((unsigned char)*byte) ||
		    strchr("/@[]\\", *byte))
			return error_set(error, STATUS_USAGE, "%s: not HOST:PORT", address);
	if (family && family->domain == AF_INET6 && hostport_is_ipv4(host))
		return error_set(error, STATUS_USAGE, "%s: an IPv4 address, not an inet6 one",
				 address);
	return hostport_lookup(host, port, family, kind, address, list, error);
}
