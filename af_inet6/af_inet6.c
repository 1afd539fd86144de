#include "af_inet6/answer.h"
#include "af_inet6/demos/demos.h"
#include "af_inet6/mark.h"
#include "net/family.h"
#include "net/hostport.h"
#include "net/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "[HOST]:PORT", or a literal alone: a HOST:PORT has one colon. */
static bool is_bracketed_or_bare(const char *operand)
{
	const char *colon = strchr(operand, ':');
	return *operand == '[' || (colon && strchr(colon + 1, ':'));
}

/*
 * A port without a host may be meant for us, though nobody knows unless it is said. With a slash, or
 * a dot or @ at its head, nothing is an address, whatever colons it has.
 */
static bool recognises(const char *operand)
{
	if (strchr(operand, '/') || *operand == '.' || *operand == '@')
		return false;
	return is_bracketed_or_bare(operand) || hostport_is_hostless(operand);
}

/* Each link may have the same link-local addresses: the kernel takes one with its link alone. */
static const char *hint(const struct sockaddr *address, int number)
{
	struct sockaddr_in6 in6;
	memcpy(&in6, address, sizeof(in6));
	bool local = IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr) ||
		     IN6_IS_ADDR_MC_LINKLOCAL(&in6.sin6_addr) ||
		     IN6_IS_ADDR_MC_NODELOCAL(&in6.sin6_addr);
	return local && in6.sin6_scope_id == 0
		       ? "such an address needs its zone, an interface: [ADDRESS%ZONE]:PORT"
		       : ip_hint(number);
}

/* An interface's name or number; 0: there is no such interface. */
static uint32_t read_zone(const char *zone)
{
	uint32_t index = if_nametoindex(zone);
	if (index != 0)
		return index;
	if (zone[strspn(zone, "0123456789")] == '\0') {
		unsigned long long number = strtoull(zone, NULL, 10);
		return number <= UINT32_MAX ? (uint32_t)number : 0;
	}
	/* copied from a URL, where the percent sign itself is written %25 (RFC 6874) */
	return strncmp(zone, "25", 2) == 0 ? if_nametoindex(zone + 2) : 0;
}

/*
 * A literal, with its zone (RFC 4007: fe80::1%eth0). getaddrinfo(3) knows zones on link-local
 * addresses only, so that a stray one elsewhere would pass for an unknown host.
 */
static int read_literal(const char *host, const char *where, struct sockaddr_in6 *in6,
			struct error *error)
{
	char digits[INET6_ADDRSTRLEN];
	size_t length = strcspn(host, "%");
	if (length >= sizeof(digits))
		return error_set(error, STATUS_USAGE, "%s: not an IPv6 address", where);
	memcpy(digits, host, length);
	digits[length] = '\0';
	if (inet_pton(AF_INET6, digits, &in6->sin6_addr) != 1)
		return error_set(error, STATUS_USAGE, "%s: not an IPv6 address", where);
	if (host[length] == '\0')
		return 0;

	const char *zone = host + length + 1;
	in6->sin6_scope_id = read_zone(zone);
	if (in6->sin6_scope_id == 0)
		return error_set(error, STATUS_NO_HOST, "%s: no interface '%s' here", where, zone);
	return 0;
}

/* Is all of TEXT a literal, perhaps with a zone that there is? */
static bool is_literal(const char *text)
{
	struct sockaddr_in6 ignored;
	struct error error;
	return read_literal(text, text, &ignored, &error) == 0;
}

/*
 * Without brackets nobody can tell whether `::1:8888` ends in a port: it is refused if it could, and
 * `::1:http`, which cannot be anything else, as well.
 */
static int check_bare(const char *address, struct error *error)
{
	char host[INET6_ADDRSTRLEN + IF_NAMESIZE];
	const char *port = strrchr(address, ':') + 1;
	size_t length = (size_t)(port - 1 - address);
	/* a zone has no colon, though Linux takes `lo:1` for a name of lo */
	bool literal = is_literal(address) && !strchr(address + strcspn(address, "%"), ':');
	if (length >= sizeof(host) || *port == '\0' ||
	    (literal && port[strspn(port, "0123456789")] != '\0'))
		return 0;
	memcpy(host, address, length);
	host[length] = '\0';
	if (!is_literal(host))
		return literal || strchr(address, '%')
			       ? 0
			       : error_set(error, STATUS_USAGE,
					   "%s: neither HOST:PORT nor an IPv6 address", address);
	error_set(error, STATUS_USAGE, "%s: a port needs brackets: [%s]:%s?", address, host, port);
	if (literal)
		error_append(error, " (without a port: [%s])", address);
	return -1;
}

static int add_literal(const char *host, const char *port, const char *where,
		       const struct kind *kind, struct endpoint_list *list, struct error *error)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	if (read_literal(host, where, &in6, error) == -1)
		return -1;

	/*
	 * the port, which may be a service's name, comes with the loopback address:
	 * take it from there
	 */
	struct endpoint_list ports = { 0 };
	if (hostport_lookup("", port, &af_inet6, kind, where, &ports, error) == -1)
		return -1;
	struct endpoint endpoint = ports.items[0];
	in6.sin6_port = ((struct sockaddr_in6 *)&endpoint.address)->sin6_port;
	memcpy(&endpoint.address, &in6, sizeof(in6));
	endpoint_list_free(&ports);
	return endpoint_list_add(list, &endpoint, error);
}

static int resolve(const char *address, const struct kind *kind, struct endpoint_list *list,
		   struct error *error)
{
	if (*address == '\0')
		return add_literal("::1", HOSTPORT_DEFAULT_PORT, "[::1]", kind, list, error);
	if (!is_bracketed_or_bare(address))
		return hostport_resolve(address, &af_inet6, kind, list, error);
	if (*address != '[')
		return check_bare(address, error) == -1
			       ? -1
			       : add_literal(address, HOSTPORT_DEFAULT_PORT, address, kind, list,
					     error);

	const char *end = strchr(address, ']');
	if (!end || (end[1] != '\0' && end[1] != ':') || (end[1] == ':' && end[2] == '\0'))
		return error_set(error, STATUS_USAGE, "%s: not [HOST]:PORT", address);
	size_t length = (size_t)(end - address - 1);
	char host[HOSTPORT_HOST];
	if (length >= sizeof(host))
		return error_set(error, STATUS_USAGE, "%s: no host name is that long", address);
	memcpy(host, address + 1, length);
	host[length] = '\0';
	const char *port = end[1] == ':' ? end + 2 : HOSTPORT_DEFAULT_PORT;
	if (strchr(host, ':'))
		return add_literal(host, port, address, kind, list, error);
	if (length == 0 || hostport_is_ipv4(host))
		return error_set(error, STATUS_USAGE, "%s: not an IPv6 address", address);
	return hostport_lookup(host, port, &af_inet6, kind, address, list, error);
}

static void format(const struct sockaddr *address, socklen_t length, char *text)
{
	struct sockaddr_in6 in6 = { 0 };
	char host[INET6_ADDRSTRLEN];
	char zone[IF_NAMESIZE + 1] = "";
	memcpy(&in6, address, length < sizeof(in6) ? length : sizeof(in6));
	inet_ntop(AF_INET6, &in6.sin6_addr, host, sizeof(host));
	if (in6.sin6_scope_id != 0) {
		zone[0] = '%';
		if (!if_indextoname(in6.sin6_scope_id, zone + 1))
			snprintf(zone + 1, sizeof(zone) - 1, "%u", in6.sin6_scope_id);
	}
	sprintf(text, "[%s%s]:%u", host, zone, ntohs(in6.sin6_port));
}

static void fresh(const char *folder, const char *name, char *text, size_t room)
{
	(void)folder, (void)name;
	snprintf(text, room, ":0");
}

static int adjust_listener(int fd, const struct endpoint *endpoint,
			   const struct listen_options *options, struct error *error)
{
	/* always said, for without it a sysctl decides */
	int only = !options->both;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "IPV6_V6ONLY");
	return endpoint->kind == kind_stream ? ip_adjust_listener(fd, error) : 0;
}

/* A host has a network of 64 bits, and may have any number of addresses in it (RFC 4291, 2.5.1). */
static uint64_t source(int fd, const struct sockaddr *peer)
{
	uint64_t network;
	(void)fd;
	memcpy(&network, &((const struct sockaddr_in6 *)peer)->sin6_addr, sizeof(network));
	return network;
}

static void unmap(struct endpoint *endpoint)
{
	struct sockaddr_in6 mapped;
	const struct family *inet = family_by_domain(AF_INET);
	memcpy(&mapped, &endpoint->address, sizeof(mapped));
	if (!inet || !IN6_IS_ADDR_V4MAPPED(&mapped.sin6_addr))
		return;
	struct sockaddr_in plain = { .sin_family = AF_INET, .sin_port = mapped.sin6_port };
	memcpy(&plain.sin_addr, &mapped.sin6_addr.s6_addr[12], sizeof(plain.sin_addr));
	memcpy(&endpoint->address, &plain, sizeof(plain));
	endpoint->length = sizeof(plain);
	endpoint->family = inet;
}

static socklen_t from_proxy(const struct proxy_source *source, struct sockaddr_storage *address)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(source->port);
	memcpy(&in6->sin6_addr, source->address, sizeof(in6->sin6_addr));
	return sizeof(*in6);
}

static const struct alias aliases[] = {
	{ "tcp6", KIND_STREAM }, { "udp6", KIND_DGRAM }, { "ip6", 0 },
	{ "ipv6", 0 },           { "af_inet6", 0 },      { NULL, 0 },
};

const struct family af_inet6 = {
	.name = "inet6",
	.domain = AF_INET6,
	.types = KIND_STREAM | KIND_DGRAM,
	.resolve = resolve,
	.format = format,
	.fresh = fresh,
	.flag = '6',
	.title = "IPv6",
	.form = "[HOST]:PORT",
	.recognises = recognises,
	.aliases = aliases,
	.adjust = ip_adjust,
	.adjust_listener = adjust_listener,
	.both = "an inet6 listener also takes IPv4",
	.hint = hint,
	.congestion = ip_congestion,
	.mark = af_inet6_mark,
	.burst = 16,
	.control = ANSWER_CONTROL,
	.ask = af_inet6_ask,
	.answer = af_inet6_answer,
	.ask_all = af_inet6_ask_all,
	.tell = af_inet6_tell,
	.source = source,
	.unmap = unmap,
	.proxy = PROXY_INET6,
	.from_proxy = from_proxy,
	.demos = af_inet6_demos,
};
