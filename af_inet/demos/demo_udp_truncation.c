#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

/* One recvmsg() with room for SIZE bytes; TEXT gets a NUL behind them. */
static ssize_t receive(int fd, char *text, size_t size, int *flags)
{
	struct iovec room = { .iov_base = text, .iov_len = size };
	struct msghdr message = { .msg_iov = &room, .msg_iovlen = 1 };
	ssize_t got = demo_readable(fd) ? recvmsg(fd, &message, MSG_DONTWAIT) : -1;
	text[got > 0 ? got : 0] = '\0';
	*flags = message.msg_flags;
	return got;
}

static void story(struct narrator *narrator, int sender, int receiver)
{
	char text[64];
	int flags;

	demo_say(narrator, "Datagrams of ten bytes and of four; the receiver has room for four "
			   "bytes only.");
	if (!demo_must(narrator, (int)send(sender, "0123456789", 10, MSG_NOSIGNAL), "send") ||
	    !demo_must(narrator, (int)send(sender, "next", 4, MSG_NOSIGNAL), "send"))
		return;
	ssize_t got = receive(receiver, text, 4, &flags);
	demo_claim(narrator, got == 4 && strcmp(text, "0123") == 0,
		   "recvmsg() gives what fits: %zd bytes, \"%s\"", got, text);
	demo_claim(narrator, flags & MSG_TRUNC, "and says in msg_flags that there was more: %s",
		   flags & MSG_TRUNC ? "MSG_TRUNC" : "no MSG_TRUNC");
	got = receive(receiver, text, 4, &flags);
	demo_claim(narrator, got == 4 && strcmp(text, "next") == 0,
		   "the rest is lost, what follows is the next datagram: \"%s\"", text);
	demo_claim(narrator, !(flags & MSG_TRUNC), "which is whole: %s",
		   flags & MSG_TRUNC ? "MSG_TRUNC" : "no MSG_TRUNC");
	demo_say(narrator, "recv() and recvfrom() cut it likewise and cannot tell. So give room "
			   "for one byte more");
	demo_say(narrator, "than the greatest datagram that the protocol allows.");
}

static void run(struct narrator *narrator)
{
	struct demo_pair pair;
	if (!demo_pair_open(narrator, SOCK_DGRAM, &pair))
		return;
	story(narrator, pair.client, pair.server);
	demo_pair_close(&pair);
}

const struct demo demo_udp_truncation = {
	.name = "udp-truncation",
	.summary = "what does not fit the buffer is lost (MSG_TRUNC)",
	.run = run,
};
