#include "af_inet/answer.h"
#include "af_inet/demos/demos.h"
#include "net/family.h"
#include "net/hostport.h"
#include "net/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static int resolve(const char *address, const struct kind *kind, struct endpoint_list *list,
		   struct error *error)
{
	if (*address == '\0')
		address = "127.0.0.1:" HOSTPORT_DEFAULT_PORT;
	return hostport_resolve(address, AF_INET, kind, list, error);
}

static void format(const struct sockaddr *address, socklen_t length, char *text)
{
	struct sockaddr_in in = { 0 };
	char host[INET_ADDRSTRLEN];
	memcpy(&in, address, length < sizeof(in) ? length : sizeof(in));
	inet_ntop(AF_INET, &in.sin_addr, host, sizeof(host));
	sprintf(text, "%s:%u", host, ntohs(in.sin_port));
}

static int adjust_listener(int fd, const struct endpoint *endpoint,
			   const struct listen_options *options, struct error *error)
{
	(void)options;
	return endpoint->kind == kind_stream ? ip_adjust_listener(fd, error) : 0;
}

static uint64_t source(int fd, const struct sockaddr *peer)
{
	(void)fd;
	return ((const struct sockaddr_in *)peer)->sin_addr.s_addr;
}

const struct family af_inet = {
	.name = "inet",
	.domain = AF_INET,
	.burst = 16,
	.control = ANSWER_CONTROL,
	.resolve = resolve,
	.format = format,
	.adjust = ip_adjust,
	.adjust_listener = adjust_listener,
	.congestion = ip_congestion,
	.ask = af_inet_ask,
	.answer = af_inet_answer,
	.source = source,
	.demos = af_inet_demos,
};
