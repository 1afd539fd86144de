/* SO_PASSCRED is Linux's, unix(7). */
#define _GNU_SOURCE

#include "af_unix/demos/demos.h"

#include "demos/sockets.h"

#include <sys/socket.h>
#include <unistd.h>

/* recvmsg(2) with room for one control message; *CONTROL is how many bytes of it came. */
static ssize_t receive(int fd, size_t *control)
{
	char text[16];
	_Alignas(struct cmsghdr) unsigned char room[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec vector = { .iov_base = text, .iov_len = sizeof(text) };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT);
	*control = message.msg_controllen;
	return got;
}

static void send_three(int fd)
{
	send(fd, "one", 3, MSG_NOSIGNAL);
	send(fd, "", 0, MSG_NOSIGNAL);
	send(fd, "three", 5, MSG_NOSIGNAL);
}

static void look_alike(struct narrator *narrator)
{
	struct demo_pair pair;
	char text[16];
	ssize_t got[4];
	if (!demo_pair_unix(narrator, SOCK_SEQPACKET, &pair))
		return;
	demo_say(narrator,
		 "A seqpacket socket is connected, and keeps records apart. One may be empty.");
	send_three(pair.client);
	close(pair.client);
	pair.client = -1;
	for (int i = 0; i < 4; i++)
		got[i] = recv(pair.server, text, sizeof(text), MSG_DONTWAIT);
	demo_show(narrator, "sent:  \"one\"  \"\"  \"three\"  close()");
	demo_show(narrator, "recv:  %5zd %3zd %8zd %8zd", got[0], got[1], got[2], got[3]);
	demo_claim(narrator, got[0] == 3 && got[2] == 5 && got[1] == 0 && got[3] == 0,
		   "recv() says the same of the empty record and of the end: %zd and %zd", got[1],
		   got[3]);
	demo_say(narrator, "A program that takes the first 0 for the end loses \"three\".");
	demo_pair_close(&pair);
}

static void tell_apart(struct narrator *narrator)
{
	struct demo_pair pair;
	int on = 1;
	ssize_t got[4];
	size_t control[4];
	if (!demo_pair_unix(narrator, SOCK_SEQPACKET, &pair))
		return;
	demo_say(narrator,
		 "With SO_PASSCRED the kernel adds the sender's credentials to each record.");
	if (demo_must(narrator, setsockopt(pair.server, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)),
		      "SO_PASSCRED")) {
		send_three(pair.client);
		close(pair.client);
		pair.client = -1;
		for (int i = 0; i < 4; i++)
			got[i] = receive(pair.server, &control[i]);
		demo_show(narrator, "recvmsg:       %5zd %3zd %8zd %8zd", got[0], got[1], got[2],
			  got[3]);
		demo_show(narrator, "control bytes: %5zu %3zu %8zu %8zu", control[0], control[1],
			  control[2], control[3]);
		demo_claim(narrator, got[1] == 0 && control[1] > 0,
			   "the empty record brings a control message: %zu bytes", control[1]);
		demo_claim(narrator, got[3] == 0 && control[3] == 0,
			   "the end brings none: %zu bytes", control[3]);
	}
	demo_pair_close(&pair);
}

void demo_empty_record(struct narrator *narrator)
{
	look_alike(narrator);
	tell_apart(narrator);
}
