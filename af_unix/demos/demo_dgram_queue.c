#include "af_unix/demos/scene.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SYSCTL "/proc/sys/net/unix/max_dgram_qlen"
#define MOST 5000    /* where we stop trying */
#define A_SENDER 100 /* few enough that no sender's own buffer is what is full */

/* What Linux allows, read as a file; -1 where there is none. */
static long read_limit(void)
{
	char text[32];
	FILE *file = fopen(SYSCTL, "r");
	if (!file)
		return -1;
	const char *line = fgets(text, sizeof(text), file);
	fclose(file);
	return line ? strtol(line, NULL, 10) : -1;
}

/* Sends numbers from 0 until one is refused; returns how many were taken, the reason in *SAID. */
static int send_until_refused(const struct sockaddr_un *address, socklen_t length, int *said)
{
	int sender = -1, sent = 0;
	for (*said = 0; sent < MOST; sent++) {
		if (sent % A_SENDER == 0) {
			if (sender != -1)
				close(sender);
			sender = socket(AF_UNIX, SOCK_DGRAM, 0);
		}
		if (sendto(sender, &sent, sizeof(sent), MSG_DONTWAIT | MSG_NOSIGNAL,
			   (const struct sockaddr *)address, length) == -1) {
			*said = errno;
			break;
		}
	}
	if (sender != -1)
		close(sender);
	return sent;
}

static void fill_and_empty(struct narrator *narrator, int receiver,
			   const struct sockaddr_un *address, socklen_t length)
{
	int said, number, got = 0, sent;
	long limit = read_limit();
	if (limit >= MOST) {
		demo_skip(narrator, "%s is %ld here, too many to fill", SYSCTL, limit);
		return;
	}
	demo_say(narrator, "A receiver is bound and does not read. A sender does not stop:");
	sent = send_until_refused(address, length, &said);
	demo_show(narrator, "sendto: taken %d times, then %s", sent, demo_errno(said));
	demo_claim(narrator, sent > 0 && (said == EAGAIN || said == EWOULDBLOCK || said == ENOBUFS),
		   "the one that does not fit is refused, and the sender knows: %s",
		   demo_errno(said));
	if (limit == -1)
		demo_say(narrator, "(%s cannot be read here: no limit to compare with.)", SYSCTL);
	else
		demo_claim(narrator, sent == limit + 1,
			   "it held net.unix.max_dgram_qlen and one: %ld + 1, held %d", limit,
			   sent);
	while (recv(receiver, &number, sizeof(number), MSG_DONTWAIT) == sizeof(number) &&
	       number == got)
		got++;
	demo_claim(narrator, got == sent, "nothing taken was lost, and the order kept: %d of %d",
		   got, sent);
	sent = send_until_refused(address, length, &said);
	demo_claim(narrator, sent > 0, "once read, there is room again: %d more", sent);
	demo_say(narrator, "UDP would have dropped what did not fit, and told nobody. Here a "
			   "blocking sender");
	demo_say(narrator, "waits instead: a client that never reads can stop a server that sends "
			   "to it.");
}

static void run(struct narrator *narrator)
{
	struct demo_scene scene;
	struct sockaddr_un address;
	if (!demo_scene_open(&scene, narrator))
		return;
	socklen_t length = demo_scene_address(&scene, "receiver", &address);
	int receiver = demo_scene_bind(&scene, narrator, "receiver", SOCK_DGRAM);
	if (receiver != -1) {
		fill_and_empty(narrator, receiver, &address, length);
		close(receiver);
	}
	demo_scene_close(&scene);
}

const struct demo demo_dgram_queue = {
	.name = "unix-dgram-queue",
	.summary = "a full queue refuses a datagram and loses none",
	.run = run,
};
