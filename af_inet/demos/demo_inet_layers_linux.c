/* AF_PACKET is Linux's (packet(7)): a socket that sees every packet on an interface. */
#define _GNU_SOURCE

#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char message[] = "hello";

enum { MESSAGE = sizeof(message) - 1, ETHERNET = 14, IP = 20, UDP = 8 };

struct frame {
	uint8_t bytes[2048];
	size_t length;
};

/* Numbers on the wire have their most significant byte first. */
static unsigned get16(const uint8_t *at)
{
	return (unsigned)(at[0] << 8 | at[1]);
}

/* RFC 1071: the sum of 16-bit words, the carry added again. */
static unsigned sum(const uint8_t *at, size_t length, unsigned start)
{
	unsigned total = start;
	for (size_t i = 0; i + 1 < length; i += 2)
		total += get16(at + i);
	if (length % 2)
		total += (unsigned)at[length - 1] << 8;
	while (total > 0xffff)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* Sees all that arrives on loopback from now on. */
static bool start(struct narrator *narrator, int capture)
{
	struct sockaddr_ll loopback = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP) };
	loopback.sll_ifindex = (int)if_nametoindex("lo");
	if (!demo_must(narrator, loopback.sll_ifindex ? 0 : -1, "if_nametoindex(lo)"))
		return false;
	return demo_must(narrator, bind(capture, (struct sockaddr *)&loopback, sizeof(loopback)),
			 "bind");
}

/* Reads frames until it is the one with the client's message. */
static bool find(struct narrator *narrator, int capture, const struct demo_pair *pair,
		 unsigned protocol, struct frame *frame)
{
	const uint16_t from = demo_port(pair->client), to = demo_port(pair->server);
	while (demo_readable(capture)) {
		ssize_t got = recv(capture, frame->bytes, sizeof(frame->bytes), MSG_DONTWAIT);
		const uint8_t *ip = frame->bytes + ETHERNET;
		frame->length = got < 0 ? 0 : (size_t)got;
		if (frame->length < ETHERNET + IP + UDP + MESSAGE || ip[0] != 0x45 ||
		    ip[9] != protocol)
			continue;
		if (get16(ip + IP) == from && get16(ip + IP + 2) == to)
			return true;
	}
	return demo_claim(narrator, false, "the message is seen on loopback: it is not");
}

static void show_bytes(struct narrator *narrator, const char *layer, const uint8_t *at,
		       size_t length)
{
	char line[16 * 3 + 1];
	for (size_t i = 0; i < length; i += 16) {
		size_t end = 0;
		for (size_t j = i; j < length && j < i + 16; j++)
			end += (size_t)sprintf(line + end, " %02x", at[j]);
		demo_show(narrator, "%-11s%s", i == 0 ? layer : "", line);
	}
}

static void show_ip(struct narrator *narrator, const uint8_t *frame, unsigned inside)
{
	const uint8_t *ip = frame + ETHERNET;
	char from[INET_ADDRSTRLEN], to[INET_ADDRSTRLEN];

	show_bytes(narrator, "Ethernet", frame, ETHERNET);
	demo_show(narrator,
		  "            to and from address 0 (loopback has none), type %04x: IPv4",
		  get16(frame + 12));
	show_bytes(narrator, "IPv4", ip, IP);
	inet_ntop(AF_INET, ip + 12, from, sizeof(from));
	inet_ntop(AF_INET, ip + 16, to, sizeof(to));
	demo_show(narrator, "            length %u, TTL %d, protocol %d, %s -> %s", get16(ip + 2),
		  ip[8], ip[9], from, to);
	demo_claim(narrator, get16(frame + 12) == ETH_P_IP && get16(ip + 2) == IP + inside,
		   "IP's length is its header's %d + the %u inside: %u", IP, inside, get16(ip + 2));
	demo_claim(narrator, sum(ip, IP, 0) == 0xffff,
		   "IP's checksum, over its header alone, is right: all words add up to %04x",
		   sum(ip, IP, 0));
}

/*
 * The checksum of UDP and TCP covers their header, the data, and a pseudo header: the addresses,
 * the protocol and the length. Linux may leave it half done for the network hardware to finish,
 * and loopback has none; then only the sum of the pseudo header is there.
 */
static void claim_checksum(struct narrator *narrator, const uint8_t *ip, unsigned place)
{
	unsigned length = get16(ip + 2) - IP, seen = get16(ip + IP + place);
	unsigned pseudo = sum(ip + 12, 8, ip[9] + length);
	if (sum(ip + IP, length, pseudo) == 0xffff)
		demo_claim(narrator, true, "its checksum over header and data is right: %04x",
			   seen);
	else
		demo_claim(narrator, seen == pseudo,
			   "its checksum is left to hardware; so far it is the addresses' sum "
			   "%04x: %04x",
			   pseudo, seen);
}

static void claim_message(struct narrator *narrator, const uint8_t *at)
{
	show_bytes(narrator, "application", at, MESSAGE);
	demo_claim(narrator, memcmp(at, message, MESSAGE) == 0,
		   "inside is what was sent, unchanged: \"%.*s\"", MESSAGE, (const char *)at);
}

static void show_udp(struct narrator *narrator, const struct demo_pair *pair,
		     const struct frame *frame)
{
	const uint8_t *ip = frame->bytes + ETHERNET, *udp = ip + IP;
	show_ip(narrator, frame->bytes, UDP + MESSAGE);
	show_bytes(narrator, "UDP", udp, UDP);
	demo_claim(narrator,
		   get16(udp) == demo_port(pair->client) && get16(udp + 4) == UDP + MESSAGE,
		   "UDP adds ports and a length, 8 bytes: port %u -> %u, length %u", get16(udp),
		   get16(udp + 2), get16(udp + 4));
	claim_checksum(narrator, ip, 6);
	claim_message(narrator, udp + UDP);
}

static void show_tcp(struct narrator *narrator, const struct demo_pair *pair,
		     const struct frame *frame)
{
	const uint8_t *ip = frame->bytes + ETHERNET, *tcp = ip + IP;
	unsigned header = 4U * (tcp[12] >> 4); /* counted in words of four bytes */
	bool holds = get16(tcp) == demo_port(pair->client) &&
		     ETHERNET + IP + header + MESSAGE == frame->length;
	show_ip(narrator, frame->bytes, header + MESSAGE);
	show_bytes(narrator, "TCP", tcp, header);
	demo_show(narrator, "            sequence %u, acknowledges %u, flags%s%s, window %u",
		  get16(tcp + 4) << 16 | get16(tcp + 6), get16(tcp + 8) << 16 | get16(tcp + 10),
		  tcp[13] & 0x10 ? " ACK" : "", tcp[13] & 0x08 ? " PSH" : "", get16(tcp + 14));
	demo_claim(narrator, holds,
		   "TCP adds %u bytes, %u of them options, and no length of its own: port %u -> %u",
		   header, header - 20, get16(tcp), get16(tcp + 2));
	claim_checksum(narrator, ip, 16);
	if (holds)
		claim_message(narrator, tcp + header);
}

static void show(struct narrator *narrator, int type, int capture)
{
	struct demo_pair pair;
	struct frame frame;
	if (!demo_pair_open(narrator, type, &pair))
		return;
	if (start(narrator, capture) &&
	    demo_must(narrator, send(pair.client, message, MESSAGE, MSG_NOSIGNAL), "send") &&
	    find(narrator, capture, &pair, type == SOCK_DGRAM ? IPPROTO_UDP : IPPROTO_TCP,
		 &frame)) {
		if (type == SOCK_DGRAM)
			show_udp(narrator, &pair, &frame);
		else
			show_tcp(narrator, &pair, &frame);
	}
	demo_pair_close(&pair);
}

void demo_inet_layers(struct narrator *narrator)
{
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM };
	if (!demo_inet_here(narrator))
		return;
	for (int i = 0; i < 2; i++) {
		/* protocol 0 sees nothing yet: bind() starts it, just before the message */
		int capture = socket(AF_PACKET, SOCK_RAW, 0);
		if (capture == -1 && i == 0) {
			demo_skip(narrator, "seeing packets takes CAP_NET_RAW: %s",
				  demo_errno(errno));
			return;
		}
		if (!demo_must(narrator, capture, "socket"))
			return;
		demo_say(narrator,
			 "\"%s\" over %s, as a packet socket sees it arrive on loopback:", message,
			 types[i] == SOCK_DGRAM ? "UDP" : "TCP");
		show(narrator, types[i], capture);
		close(capture);
	}
}
