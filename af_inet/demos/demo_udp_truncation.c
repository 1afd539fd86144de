#include "af_inet/demos/demos.h"

#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

/* One recvmsg() with room for SIZE bytes; TEXT gets a NUL after them. */
static ssize_t receive(int fd, char *text, size_t size, int *flags)
{
	struct iovec room = { .iov_base = text, .iov_len = size };
	struct msghdr message = { .msg_iov = &room, .msg_iovlen = 1 };
	ssize_t got = demo_readable(fd) ? recvmsg(fd, &message, MSG_DONTWAIT) : -1;
	text[got > 0 ? got : 0] = '\0';
	*flags = message.msg_flags;
	return got;
}

static void story(struct narrator *narrator, struct demo_pair *pair)
{
	const int sender = pair->client, receiver = pair->server;
	char text[64];
	int flags;

	demo_say(narrator,
		 "Datagrams of ten bytes and of four; the receiver has room for four bytes:");
	if (!demo_must(narrator, send(sender, "0123456789", 10, MSG_NOSIGNAL), "send") ||
	    !demo_must(narrator, send(sender, "next", 4, MSG_NOSIGNAL), "send"))
		return;
	ssize_t got = receive(receiver, text, 4, &flags);
	demo_claim(narrator, got == 4 && strcmp(text, "0123") == 0,
		   "recvmsg() gives what fits: %zd bytes, \"%s\"", got, text);
	demo_claim(narrator, flags & MSG_TRUNC, "and says in msg_flags that there was more: %s",
		   flags & MSG_TRUNC ? "MSG_TRUNC" : "no MSG_TRUNC");
	got = receive(receiver, text, 4, &flags);
	demo_claim(narrator, got == 4 && strcmp(text, "next") == 0,
		   "the rest is lost: what follows is the next datagram: \"%s\"", text);
	demo_claim(narrator, !(flags & MSG_TRUNC), "which is whole: %s",
		   flags & MSG_TRUNC ? "MSG_TRUNC" : "no MSG_TRUNC");
	demo_say(narrator, "recv() and recvfrom() cut it as well, but cannot say so. So leave room "
			   "for one byte more than the largest datagram that the protocol allows.");
}

void demo_udp_truncation(struct narrator *narrator)
{
	demo_with_pair(narrator, SOCK_DGRAM, story);
}
