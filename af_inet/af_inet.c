#include "af_inet/answer.h"
#include "af_inet/demos/demos.h"
#include "af_inet/mark.h"
#include "net/family.h"
#include "net/hostport.h"
#include "net/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* HOST:PORT, or a port alone, means IPv4 unless something else is said. */
static bool recognises(const char *operand)
{
	return hostport_is_ipv4(operand) || hostport_is_hostless(operand);
}

static int resolve(const char *address, const struct kind *kind, struct endpoint_list *list,
		   struct error *error)
{
	if (*address == '\0')
		address = "127.0.0.1:" HOSTPORT_DEFAULT_PORT;
	return hostport_resolve(address, &af_inet, kind, list, error);
}

static void format(const struct sockaddr *address, socklen_t length, char *text)
{
	struct sockaddr_in in = { 0 };
	char host[INET_ADDRSTRLEN];
	memcpy(&in, address, length < sizeof(in) ? length : sizeof(in));
	inet_ntop(AF_INET, &in.sin_addr, host, sizeof(host));
	sprintf(text, "%s:%u", host, ntohs(in.sin_port));
}

/* Port 0 is whichever is free. */
static void fresh(const char *folder, const char *name, char *text, size_t room)
{
	(void)folder, (void)name;
	snprintf(text, room, ":0");
}

static int adjust_listener(int fd, const struct endpoint *endpoint,
			   const struct listen_options *options, struct error *error)
{
	(void)options;
	return endpoint->kind == kind_stream ? ip_adjust_listener(fd, error) : 0;
}

static const char *hint(const struct sockaddr *address, int number)
{
	(void)address;
	return ip_hint(number);
}

static uint64_t source(int fd, const struct sockaddr *peer)
{
	(void)fd;
	return ((const struct sockaddr_in *)peer)->sin_addr.s_addr;
}

static socklen_t from_proxy(const struct proxy_source *source, struct sockaddr_storage *address)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;
	in->sin_family = AF_INET;
	in->sin_port = htons(source->port);
	memcpy(&in->sin_addr, source->address, sizeof(in->sin_addr));
	return sizeof(*in);
}

static const struct alias aliases[] = {
	{ "tcp", KIND_STREAM },
	{ "tcp4", KIND_STREAM },
	{ "udp", KIND_DGRAM },
	{ "udp4", KIND_DGRAM },
	{ "ip", 0 },
	{ "ip4", 0 },
	{ "ipv4", 0 },
	{ "inet4", 0 },
	{ "af_inet", 0 },
	{ NULL, 0 },
};

const struct family af_inet = {
	.name = "inet",
	.domain = AF_INET,
	.types = KIND_STREAM | KIND_DGRAM,
	.resolve = resolve,
	.format = format,
	.fresh = fresh,
	.flag = '4',
	.title = "IPv4",
	.form = "HOST:PORT",
	.recognises = recognises,
	.aliases = aliases,
	.adjust = ip_adjust,
	.adjust_listener = adjust_listener,
	.under_both = true,
	.hint = hint,
	.congestion = ip_congestion,
	.mark = af_inet_mark,
	.burst = 16,
	.control = ANSWER_CONTROL,
	.ask = af_inet_ask,
	.answer = af_inet_answer,
	.ask_all = af_inet_ask_all,
	.tell = af_inet_tell,
	.source = source,
	.proxy = PROXY_INET,
	.from_proxy = from_proxy,
	.demos = af_inet_demos,
};
