#include "demos/sockets.h"

#include <errno.h>
#include <sys/socket.h>

/* An IPv4 packet's length has 16 bits; its header takes 20 bytes, UDP's 8. */
enum { PACKET = 65535, IP_HEADER = 20, UDP_HEADER = 8, MOST = PACKET - IP_HEADER - UDP_HEADER };

static char bytes[PACKET];

static void story(struct narrator *narrator, int sender, int receiver)
{
	demo_say(narrator, "An IPv4 packet has at most %d bytes, %d of them IP's header, %d UDP's.",
		 PACKET, IP_HEADER, UDP_HEADER);
	ssize_t sent = send(sender, bytes, MOST, MSG_NOSIGNAL);
	demo_claim(narrator, sent == MOST, "a datagram of %d bytes can be sent: %zd, %s", MOST,
		   sent, demo_errno(sent == -1 ? errno : 0));
	ssize_t got =
		demo_readable(receiver) ? recv(receiver, bytes, sizeof(bytes), MSG_DONTWAIT) : -1;
	demo_claim(narrator, got == MOST, "and arrives whole: recv() = %zd", got);
	sent = send(sender, bytes, MOST + 1, MSG_NOSIGNAL);
	demo_claim(narrator, sent == -1 && errno == EMSGSIZE, "one byte more is refused: %s",
		   demo_errno(sent == -1 ? errno : 0));

	int mtu = demo_path_mtu(sender);
	int room = (1500 - IP_HEADER) / 8 * 8; /* a fragment's offset is counted in eights */
	if (mtu > 0)
		demo_show(narrator, "this loopback's MTU is %d: %s", mtu,
			  mtu >= PACKET ? "the packet crossed it in one piece"
					: "the packet crossed it in fragments");
	demo_say(narrator,
		 "Ethernet's MTU is 1500: there IP would cut it into %d fragments, and "
		 "losing one of them",
		 (MOST + UDP_HEADER + room - 1) / room);
	demo_say(narrator, "loses all. So protocols keep below the path's MTU (RFC 8085, 3.2).");
}

static void run(struct narrator *narrator)
{
	struct demo_pair pair;
	int size = 2 * PACKET; /* some systems' default is less than one such datagram */
	if (!demo_pair_open(narrator, SOCK_DGRAM, &pair))
		return;
	if (demo_must(narrator, setsockopt(pair.client, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)),
		      "SO_SNDBUF") &&
	    demo_must(narrator, setsockopt(pair.server, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)),
		      "SO_RCVBUF"))
		story(narrator, pair.client, pair.server);
	demo_pair_close(&pair);
}

const struct demo demo_udp_large = {
	.name = "udp-large",
	.summary = "65507 bytes are the most that one datagram carries",
	.run = run,
};
