#include "af_inet/demos/demos.h"

#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

enum { COUNT = 1000, SIZE = 100 };

/* Sends the number in a datagram of SIZE bytes. Returns whether send() took it. */
static bool send_number(int fd, int number)
{
	char datagram[SIZE] = { 0 };
	memcpy(datagram, &number, sizeof(number));
	return send(fd, datagram, SIZE, MSG_NOSIGNAL) == SIZE;
}

/* The number in the next datagram; -1 if the queue is empty. */
static int receive_number(int fd)
{
	char datagram[SIZE];
	int number = -1;
	if (recv(fd, datagram, SIZE, MSG_DONTWAIT) == SIZE)
		memcpy(&number, datagram, sizeof(number));
	return number;
}

/* How many of COUNT datagrams are kept by a queue of the size that it is by default. */
static int kept_by_default(const struct demo_pair *pair)
{
	int kept = 0;
	for (int i = 0; i < COUNT; i++)
		send_number(pair->client, i);
	while (receive_number(pair->server) != -1)
		kept++;
	return kept;
}

static void story(struct narrator *narrator, struct demo_pair *pair)
{
	const int sender = pair->client, receiver = pair->server;
	int sent = 0, received = 0, gaps = 0;
	int size = 16384; /* Linux doubles it for its own bookkeeping: socket(7) */
	int before = kept_by_default(pair);
	if (!demo_must(narrator, setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)),
		       "SO_RCVBUF"))
		return;
	demo_say(narrator,
		 "%d numbered datagrams of %d bytes go to a receiver that does not read:", COUNT,
		 SIZE);
	while (sent < COUNT && send_number(sender, sent))
		sent++;
	demo_claim(narrator, sent == COUNT, "every send() works; the sender learns of nothing: %d",
		   sent);
	for (int number; (number = receive_number(receiver)) != -1; received++)
		gaps += number != received;
	demo_claim(narrator, received > 0 && received < COUNT,
		   "the queue kept some and dropped the rest: %d kept, %d lost", received,
		   COUNT - received);
	demo_claim(narrator, received < before,
		   "SO_RCVBUF says how many: %d bytes keep fewer than the default, %d", size,
		   before);
	demo_claim(narrator, gaps == 0, "those kept are the oldest, in order: %d gaps among them",
		   gaps);

	demo_say(narrator, "Now that there is room again, number %d is sent:", COUNT);
	bool works = send_number(sender, COUNT) && demo_readable(receiver);
	int next = works ? receive_number(receiver) : -1;
	demo_claim(narrator, next == COUNT, "only the numbers tell of the loss: after %d comes %d",
		   received - 1, next);
	demo_say(narrator, "A longer queue (SO_RCVBUF) takes a longer burst, but no higher average "
			   "rate. A protocol that must lose nothing needs numbers, "
			   "acknowledgements and a limit to its rate, or uses TCP.");
}

void demo_udp_overflow(struct narrator *narrator)
{
	demo_with_pair(narrator, SOCK_DGRAM, story);
}
