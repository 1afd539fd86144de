#include "af_inet6/demos/scene.h"

#include <arpa/inet.h>

bool demo_inet6_here(struct narrator *narrator)
{
	const struct sockaddr_in6 loopback = demo_inet6_address("::1", 0);
	int number = demo_try(SOCK_DGRAM, &loopback, sizeof(loopback));
	if (number != 0)
		demo_skip(narrator, "no IPv6, or no ::1, on this machine: %s", demo_errno(number));
	return number == 0;
}

struct sockaddr_in6 demo_inet6_address(const char *literal, uint16_t port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	inet_pton(AF_INET6, literal, &address.sin6_addr);
	return address;
}
