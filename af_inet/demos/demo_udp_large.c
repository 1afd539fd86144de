#include "af_inet/demos/demos.h"

#include "af_inet/demos/path_mtu.h"
#include "demos/sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* An IPv4 packet's length has 16 bits; its header takes 20 bytes, UDP's 8. */
enum { PACKET = 65535, IP_HEADER = 20, UDP_HEADER = 8, MOST = PACKET - IP_HEADER - UDP_HEADER };

static char bytes[PACKET];

static void story(struct narrator *narrator, struct demo_pair *pair)
{
	int size = 2 * PACKET; /* some systems' default is less than one such datagram */
	if (!demo_must(narrator,
		       setsockopt(pair->client, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)),
		       "SO_SNDBUF") ||
	    !demo_must(narrator,
		       setsockopt(pair->server, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)),
		       "SO_RCVBUF"))
		return;
	demo_say(narrator, "An IPv4 packet has at most %d bytes: %d are IP's header, %d UDP's.",
		 PACKET, IP_HEADER, UDP_HEADER);
	for (int i = 0; i < MOST; i++)
		bytes[i] = (char)(i % 251);
	ssize_t sent = send(pair->client, bytes, MOST, MSG_NOSIGNAL);
	demo_claim(narrator, sent == MOST, "a datagram of %d bytes can be sent: %zd, %s", MOST,
		   sent, demo_errno(demo_error(sent)));
	memset(bytes, 0, sizeof(bytes));
	ssize_t got = demo_receive(pair->server, bytes, sizeof(bytes), 0);
	int right = 0;
	for (ssize_t i = 0; i < got; i++)
		right += bytes[i] == (char)(i % 251);
	demo_claim(narrator, got == MOST && right == MOST,
		   "and arrives whole: recv() = %zd, of which %d are right", got, right);
	sent = send(pair->client, bytes, MOST + 1, MSG_NOSIGNAL);
	demo_claim(narrator, sent == -1 && errno == EMSGSIZE, "one byte more is refused: %s",
		   demo_errno(demo_error(sent)));

	int mtu = demo_path_mtu(pair->client);
	int room = (1500 - IP_HEADER) / 8 * 8; /* a fragment's offset is counted in eights */
	if (mtu > 0)
		demo_show(narrator, "this loopback's MTU is %d: %s", mtu,
			  mtu >= PACKET ? "the packet crossed it in one piece"
					: "the packet crossed it in fragments");
	demo_say(narrator,
		 "Ethernet's MTU is 1500: there IP would cut it into %d fragments, and if one of "
		 "them is lost, all of it is. So protocols stay below the path's MTU (RFC 8085, "
		 "3.2).",
		 (MOST + UDP_HEADER + room - 1) / room);
}

void demo_udp_large(struct narrator *narrator)
{
	demo_with_pair(narrator, SOCK_DGRAM, story);
}
