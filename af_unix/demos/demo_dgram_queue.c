#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <errno.h>
#include <unistd.h>

#define SYSCTL "/proc/sys/net/unix/max_dgram_qlen"
#define MOST 5000    /* where we stop trying */
#define A_SENDER 100 /* few enough that no sender's own buffer is what is full */

/* Sends numbers from 0 until one is refused, for *SAID; returns how many were taken. */
static int send_until_refused(const struct sockaddr_un *address, socklen_t length, int *said)
{
	int sender = -1, sent = 0;
	for (*said = 0; sent < MOST; sent++) {
		if (sent % A_SENDER == 0) {
			demo_close(sender);
			sender = socket(AF_UNIX, SOCK_DGRAM, 0);
		}
		if (sendto(sender, &sent, sizeof(sent), MSG_DONTWAIT | MSG_NOSIGNAL,
			   (const struct sockaddr *)address, length) == -1) {
			*said = errno;
			break;
		}
	}
	demo_close(sender);
	return sent;
}

static void fill_and_empty(struct narrator *narrator, int receiver,
			   const struct sockaddr_un *address, socklen_t length)
{
	int said, number, got = 0, sent;
	long limit = demo_number(SYSCTL);
	if (limit >= MOST) {
		demo_skip(narrator, "%s is %ld here, too many to fill", SYSCTL, limit);
		return;
	}
	demo_say(narrator, "A receiver is bound but does not read. A sender does not stop:");
	sent = send_until_refused(address, length, &said);
	demo_show(narrator, "sendto: taken %d times, then %s", sent, demo_errno(said));
	demo_claim(narrator, sent > 0 && (said == EAGAIN || said == EWOULDBLOCK || said == ENOBUFS),
		   "one that does not fit is refused, and the sender knows: %s", demo_errno(said));
	if (limit == -1)
		demo_skip(narrator, "how many the queue holds: %s cannot be read here", SYSCTL);
	else
		demo_claim(narrator, sent == limit + 1,
			   "the queue holds net.unix.max_dgram_qlen + 1: %ld + 1, held %d", limit,
			   sent);
	while (recv(receiver, &number, sizeof(number), MSG_DONTWAIT) == sizeof(number) &&
	       number == got)
		got++;
	demo_claim(narrator, got == sent,
		   "nothing that was taken is lost, and the order is kept: %d of %d", got, sent);
	sent = send_until_refused(address, length, &said);
	demo_claim(narrator, sent > 0, "once they are read, there is room again: for %d", sent);
	demo_say(narrator,
		 "UDP would have dropped what did not fit, and told nobody. Here a blocking sender "
		 "waits instead: a client that never reads can stop a server that sends to it.");
}

void demo_dgram_queue(struct narrator *narrator)
{
	struct demo_scene scene;
	struct sockaddr_un address;
	if (!demo_scene_open(narrator, &scene))
		return;
	socklen_t length = demo_scene_address(&scene, "receiver", &address);
	int receiver = demo_scene_bind(narrator, &scene, "receiver", SOCK_DGRAM);
	if (receiver != -1) {
		fill_and_empty(narrator, receiver, &address, length);
		close(receiver);
	}
}
