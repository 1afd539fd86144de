#include "demos/demos.h"

#include "demos/lane.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* recv(2) cannot tell that a message was cut; recvmsg(2) says it in msg_flags. */
static ssize_t receive(int fd, char *buffer, size_t room, bool *cut)
{
	struct iovec vector = { .iov_base = buffer, .iov_len = room };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };
	ssize_t count = demo_readable(fd) ? recvmsg(fd, &message, MSG_DONTWAIT) : -1;
	*cut = count >= 0 && message.msg_flags & MSG_TRUNC;
	return count;
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane,
		     struct demo_pair *pair)
{
	char peeked[16] = "", start[4] = "", rest[16] = "";
	bool cut, cut_later;
	send(pair->client, "truncate", 8, MSG_NOSIGNAL);
	ssize_t twice = 0;
	for (int i = 0; i < 2; i++)
		twice += demo_receive(pair->server, peeked, sizeof(peeked) - 1, MSG_PEEK);
	demo_claim(narrator, twice == 16 && strcmp(peeked, "truncate") == 0,
		   "%s: MSG_PEEK twice, the same 8 bytes both times: %zd, \"%s\"", lane->name,
		   twice, peeked);

	ssize_t first = receive(pair->server, start, 3, &cut);
	send(pair->client, "next", 4, MSG_NOSIGNAL);
	ssize_t second = receive(pair->server, rest, 5, &cut_later);
	demo_show(narrator, "%-16s room for 3: \"%s\"%s   then: \"%s\"", lane->name, start,
		  cut ? " MSG_TRUNC" : "          ", rest);
	if (lane->socktype == SOCK_STREAM)
		demo_claim(narrator,
			   first == 3 && !cut && second == 5 && strcmp(rest, "ncate") == 0,
			   "%s: what did not fit is read next: \"%s\"", lane->name, rest);
	else
		demo_claim(narrator, first == 3 && cut && !cut_later && strcmp(rest, "next") == 0,
			   "%s: what did not fit is gone, and MSG_TRUNC says so: %s, then \"%s\"",
			   lane->name, cut ? "set" : "not set", rest);
}

void demo_peek_and_truncate(struct narrator *narrator)
{
	demo_say(narrator, "\"truncate\" is sent. MSG_PEEK looks at it and leaves it where it is. "
			   "Then a receiver with room for 3 bytes takes it, and \"next\" follows.");
	if (!demo_each_pair(narrator, DEMO_ALL_TYPES, try_lane))
		return;
	demo_say(narrator,
		 "A message is read whole or cut off, and then the rest is gone. A program that "
		 "reads messages needs room for the longest, or looks at msg_flags.");
}
