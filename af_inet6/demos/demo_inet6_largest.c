#include "af_inet6/demos/demos.h"

#include "af_inet6/demos/scene.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* UDP's length field has 16 bits and counts its own 8 bytes of header too (RFC 768). */
#define LARGEST (65535 - 8)

static void send_and_receive(struct narrator *narrator, int sender, int receiver,
			     const struct sockaddr_in6 *to, unsigned char *bytes)
{
	size_t right = 0;
	for (size_t i = 0; i < LARGEST; i++)
		bytes[i] = (unsigned char)(i % 251);
	ssize_t sent = sendto(sender, bytes, LARGEST, MSG_NOSIGNAL, (const struct sockaddr *)to,
			      sizeof(*to));
	int number = demo_error(sent);
	for (size_t i = 0; i < LARGEST; i++)
		bytes[i] = 0;
	ssize_t count = number == 0 ? demo_receive(receiver, bytes, LARGEST + 1, 0) : -1;
	for (ssize_t i = 0; i < count; i++)
		right += bytes[i] == i % 251;
	demo_show(narrator, "sendto(%d bytes) = %zd   recv() = %zd", LARGEST, sent, count);
	demo_claim(narrator, sent == LARGEST && count == LARGEST && right == LARGEST,
		   "%d bytes go in one datagram, and arrive whole: %zu are right", LARGEST, right);

	sent = sendto(sender, bytes, LARGEST + 1, MSG_NOSIGNAL, (const struct sockaddr *)to,
		      sizeof(*to));
	number = demo_error(sent);
	demo_show(narrator, "sendto(%d bytes) = %zd", LARGEST + 1, sent);
	demo_claim(narrator, number == EMSGSIZE, "one byte more is refused: %s",
		   demo_errno(number));
}

static void compare_ipv4(struct narrator *narrator, const unsigned char *bytes)
{
	struct sockaddr_in to = demo_loopback();
	if (!demo_here(narrator, "127.0.0.1", &to, sizeof(to)))
		return;
	int fd = demo_bound(narrator, SOCK_DGRAM, &to, sizeof(to)); /* it sends to itself */
	if (fd == -1)
		return;
	const struct sockaddr *name = (const struct sockaddr *)&to;
	ssize_t sent = sendto(fd, bytes, LARGEST - 20, MSG_NOSIGNAL, name, sizeof(to));
	int number = demo_error(sendto(fd, bytes, LARGEST - 19, MSG_NOSIGNAL, name, sizeof(to)));
	demo_claim(narrator, sent == LARGEST - 20 && number == EMSGSIZE,
		   "over IPv4, %d bytes go, and %d do not: %s", LARGEST - 20, LARGEST - 19,
		   demo_errno(number));
	close(fd);
}

void demo_inet6_largest(struct narrator *narrator)
{
	struct sockaddr_in6 to = demo_inet6_address("::1", 0), from = to;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "The length in UDP's header has 16 bits and counts the header's own 8 bytes: "
		 "65535 - 8 = %d bytes are left for a message.",
		 LARGEST);
	demo_show(narrator, "IPv6:  | header 40 |        | UDP 8 | message, up to 65527 |");
	demo_show(narrator, "IPv4:  | header 20 + UDP 8 + message, up to 65507: 65535 in all |");
	unsigned char *bytes = malloc(LARGEST + 1);
	int receiver = demo_bound(narrator, SOCK_DGRAM, &to, sizeof(to));
	int sender = demo_bound(narrator, SOCK_DGRAM, &from, sizeof(from));
	if (!bytes)
		demo_must(narrator, -1, "malloc");
	else if (receiver != -1 && sender != -1) {
		send_and_receive(narrator, sender, receiver, &to, bytes);
		compare_ipv4(narrator, bytes);
	}
	demo_close(receiver);
	demo_close(sender);
	free(bytes);
	demo_say(narrator, "IPv4's own length counts its header as well, so a message there is 20 "
			   "bytes shorter. Ethernet carries 1500 bytes at once: a longer datagram "
			   "goes in fragments, and if one of them is lost, all of it is.");
}
