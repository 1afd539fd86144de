#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include "base/clock.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

/* The first rounds are not counted: on a new connection Linux acknowledges at once. */
enum { ROUNDS = 9, FIRST = 4 };

/* The server reads a request of two bytes, and answers it with one. */
static bool answer(int server)
{
	char request[2];
	ssize_t length = 0;
	while (length < 2) {
		if (!demo_readable(server))
			return false;
		ssize_t got = recv(server, request, (size_t)(2 - length), 0);
		if (got <= 0)
			return false;
		length += got;
	}
	return send(server, "a", 1, MSG_NOSIGNAL) == 1;
}

/*
 * The client writes a request, its head and its body, with one call or with two, and waits for the
 * answer. Returns after how many nanoseconds it came, or -1.
 */
static int64_t ask(const struct demo_pair *pair, int calls)
{
	char byte;
	int64_t start = clock_now();
	if (calls == 1 && send(pair->client, "hb", 2, MSG_NOSIGNAL) == -1)
		return -1;
	if (calls == 2 && (send(pair->client, "h", 1, MSG_NOSIGNAL) == -1 ||
			   send(pair->client, "b", 1, MSG_NOSIGNAL) == -1))
		return -1;
	if (!answer(pair->server) || !demo_readable(pair->client) ||
	    recv(pair->client, &byte, 1, 0) != 1)
		return -1;
	return clock_now() - start;
}

/* The median time of an answer in milliseconds, on a connection of its own; -1 if one failed. */
static double median(struct narrator *narrator, int calls, int nodelay)
{
	struct demo_pair pair;
	int64_t times[ROUNDS];
	int done = 0;
	if (!demo_pair_open(narrator, SOCK_STREAM, &pair))
		return -1;
	if (demo_must(narrator,
		      setsockopt(pair.client, IPPROTO_TCP, TCP_NODELAY, &nodelay, sizeof(nodelay)),
		      "TCP_NODELAY"))
		while (done < ROUNDS && (times[done] = ask(&pair, calls)) != -1)
			done++;
	demo_pair_close(&pair);
	if (done < ROUNDS) {
		demo_claim(narrator, false, "each of %d requests is answered: %d are", ROUNDS,
			   done);
		return -1;
	}
	return (double)demo_median(times + FIRST, ROUNDS - FIRST) / NSEC_PER_MSEC;
}

void demo_tcp_nagle(struct narrator *narrator)
{
	if (!demo_inet_here(narrator))
		return;
	demo_say(narrator,
		 "A client sends a request by two calls, head and body, and awaits the answer.");
	demo_show(narrator, "client                     server");
	demo_show(narrator, "head  ------------------>  waits for the body");
	demo_show(narrator,
		  "body held back (Nagle)     holds back its ACK, for an answer to carry it");
	demo_show(narrator, "      <-- ACK, delayed --");
	demo_show(narrator, "body  ------------------>");
	demo_show(narrator, "      <---- answer ------");
	demo_say(narrator, "Nagle's algorithm (RFC 896) holds a small segment back while another "
			   "one is unacknowledged; the peer delays its ACK (RFC 1122, 4.2.3.2). "
			   "Each waits for the other.");

	double both = median(narrator, 2, 0);
	demo_claim(narrator, both >= 20, "two calls take tens of milliseconds (median %.3f ms)",
		   both);
	double nodelay = median(narrator, 2, 1);
	demo_claim(narrator, nodelay >= 0 && nodelay < both / 5,
		   "two calls and TCP_NODELAY: less than a fifth of that (median %.3f ms)",
		   nodelay);
	double one = median(narrator, 1, 0);
	demo_claim(narrator, one >= 0 && one < both / 5,
		   "one call for all and no option: less than a fifth, too (median %.3f ms)", one);
}
