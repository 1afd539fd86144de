#include "af_inet6/demos/scene.h"
#include "demos/sockets.h"

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
	int number = sent == -1 ? errno : 0;
	for (size_t i = 0; i < LARGEST; i++)
		bytes[i] = 0;
	ssize_t count = number == 0 ? recv(receiver, bytes, LARGEST + 1, 0) : -1;
	for (ssize_t i = 0; i < count; i++)
		right += bytes[i] == i % 251;
	demo_show(narrator, "sendto(%d bytes) = %zd   recv() = %zd", LARGEST, sent, count);
	demo_claim(narrator, sent == LARGEST && count == LARGEST && right == LARGEST,
		   "%d bytes go in one datagram, and arrive whole: %zu right", LARGEST, right);

	sent = sendto(sender, bytes, LARGEST + 1, MSG_NOSIGNAL, (const struct sockaddr *)to,
		      sizeof(*to));
	number = sent == -1 ? errno : 0;
	demo_show(narrator, "sendto(%d bytes) = %zd", LARGEST + 1, sent);
	demo_claim(narrator, number == EMSGSIZE, "one byte more is refused: %s",
		   demo_errno(number));
}

static void compare_ipv4(struct narrator *narrator, const unsigned char *bytes)
{
	struct sockaddr_in to;
	int fd = demo_bound(narrator, SOCK_DGRAM, &to); /* it sends to itself */
	if (fd == -1)
		return;
	const struct sockaddr *name = (const struct sockaddr *)&to;
	ssize_t sent = sendto(fd, bytes, LARGEST - 20, MSG_NOSIGNAL, name, sizeof(to));
	int number =
		sendto(fd, bytes, LARGEST - 19, MSG_NOSIGNAL, name, sizeof(to)) == -1 ? errno : 0;
	demo_claim(narrator, sent == LARGEST - 20 && number == EMSGSIZE,
		   "by IPv4, %d bytes go, and %d do not: %s", LARGEST - 20, LARGEST - 19,
		   demo_errno(number));
	close(fd);
}

static void run(struct narrator *narrator)
{
	struct sockaddr_in6 to = demo_inet6_address("::1", 0), from = to;
	if (!demo_inet6_here(narrator))
		return;
	demo_say(narrator,
		 "The length in UDP's header has 16 bits and counts the header's own 8 bytes:");
	demo_say(narrator, "65535 - 8 = %d bytes are left for a message.", LARGEST);
	demo_show(narrator, "IPv6:  | header 40 |        | UDP 8 | message, up to 65527 |");
	demo_show(narrator, "IPv4:  | header 20 + UDP 8 + message, up to 65507: 65535 in all |");
	unsigned char *bytes = malloc(LARGEST + 1);
	int receiver = demo_inet6_bound(narrator, SOCK_DGRAM, &to);
	int sender = demo_inet6_bound(narrator, SOCK_DGRAM, &from);
	if (!bytes)
		demo_must(narrator, -1, "malloc");
	else if (receiver != -1 && sender != -1) {
		send_and_receive(narrator, sender, receiver, &to, bytes);
		compare_ipv4(narrator, bytes);
	}
	if (receiver != -1)
		close(receiver);
	if (sender != -1)
		close(sender);
	free(bytes);
	demo_say(narrator,
		 "IPv4's own length counts its header as well, so a message there is 20 bytes");
	demo_say(narrator,
		 "shorter. A network carries about 1500 bytes at once: a longer datagram goes");
	demo_say(narrator, "in fragments, and one of them lost is all lost.");
}

const struct demo demo_inet6_largest = {
	.name = "inet6-largest",
	.summary = "a UDP message has at most 65527 bytes, 20 over IPv4's",
	.run = run,
};
