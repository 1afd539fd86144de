#include "demos/demos.h"

#include "demos/lane.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long to look for a reply that is not expected to come. */
#define SILENCE 50 /* milliseconds */

/* The server that one writes first: it knows one client, and nobody else until that one ends. */
static void serve_in_turn(int listener)
{
	for (;;) {
		char buffer[64];
		ssize_t count;
		int client = accept(listener, NULL, NULL);
		if (client == -1)
			return;
		while ((count = recv(client, buffer, sizeof(buffer), 0)) > 0)
			send(client, buffer, (size_t)count, MSG_NOSIGNAL);
		close(client);
	}
}

/* The same with poll(2): it waits for all of them at once, and serves whichever has sent. */
static void serve_at_once(int listener)
{
	struct pollfd watched[4] = { { .fd = listener, .events = POLLIN } };
	nfds_t count = 1;
	while (poll(watched, count, -1) > 0) {
		for (nfds_t i = 1; i < count; i++) {
			char buffer[64];
			if (watched[i].revents == 0)
				continue;
			ssize_t length = recv(watched[i].fd, buffer, sizeof(buffer), 0);
			if (length > 0) {
				send(watched[i].fd, buffer, (size_t)length, MSG_NOSIGNAL);
			} else {
				close(watched[i].fd);
				watched[i--] = watched[--count];
			}
		}
		if (watched[0].revents & POLLIN && count < 4)
			watched[count++] = (struct pollfd){ .fd = accept(listener, NULL, NULL),
							    .events = POLLIN };
	}
}

static bool answered(int client)
{
	char reply[64];
	return demo_receive(client, reply, sizeof(reply), 0) > 0;
}

/* Is there a reply? There is to be none, so this waits less long. */
static bool answered_early(int client)
{
	struct pollfd arrival = { .fd = client, .events = POLLIN };
	return poll(&arrival, 1, SILENCE) == 1 && answered(client);
}

struct seen {
	bool connected;     /* both clients */
	bool first, second; /* was answered, with the first still there */
	bool afterwards;    /* the second, once the first had gone */
};

static struct seen visit(const struct demo_lane *lane, const struct demo_place *at,
			 bool (*look)(int client))
{
	struct seen seen = { false };
	int first = demo_call(lane->socktype, &at->address, at->length), second = -1;
	if (first != -1) {
		send(first, "one", 3, MSG_NOSIGNAL);
		seen.first = answered(first);
		second = demo_call(lane->socktype, &at->address, at->length);
		seen.connected = second != -1;
	}
	if (seen.connected) {
		send(second, "two", 3, MSG_NOSIGNAL);
		seen.second = look(second);
		close(first);
		first = -1;
		seen.afterwards = seen.second || answered(second);
	}
	demo_close(first);
	demo_close(second);
	return seen;
}

/* The server is another process, as it would be; it ends when the clients have seen enough. */
static bool try_server(struct narrator *narrator, const struct demo_lane *lane,
		       void (*serve)(int listener), bool (*look)(int client), struct seen *seen)
{
	bool works = false;
	int listener = demo_lane_bound(narrator, lane);
	if (listener == -1)
		return false;
	if (demo_must(narrator, listen(listener, 4), "listen")) {
		pid_t server = fork();
		if (server == 0) {
			serve(listener);
			_exit(1);
		}
		works = demo_must(narrator, server, "fork");
		if (works) {
			struct demo_place at = demo_place(listener);
			*seen = visit(lane, &at, look);
			kill(server, SIGKILL);
			demo_ended(server);
		}
	}
	close(listener);
	demo_lane_end(lane);
	return works;
}

static const char *when(const struct seen *seen)
{
	if (!seen->connected)
		return "not connected";
	return seen->second       ? "answered at once"
	       : seen->afterwards ? "answered after that"
				  : "no answer";
}

static void try_lane(struct narrator *narrator, const struct demo_lane *lane)
{
	struct seen seen;
	if (!try_server(narrator, lane, serve_in_turn, answered_early, &seen))
		return;
	demo_claim(narrator, seen.connected && seen.first && !seen.second && seen.afterwards,
		   "%s: in turn, the second waits until the first has ended: %s", lane->name,
		   when(&seen));
	if (!try_server(narrator, lane, serve_at_once, answered, &seen))
		return;
	demo_claim(narrator, seen.connected && seen.first && seen.second,
		   "%s: with poll(2), the second need not wait: %s", lane->name, when(&seen));
}

void demo_one_at_a_time(struct narrator *narrator)
{
	demo_say(narrator, "Two clients connect; each sends a message, and the first one stays. A "
			   "server that reads the first to its end before it calls accept() again "
			   "leaves the second in the listen queue. The second sees nothing wrong: "
			   "its connect() and send() worked, for the kernel took both.");
	demo_show(narrator, "in turn:  accept 1 | recv 1  send 1 | recv 1 ...         2 waits");
	demo_show(narrator, "poll():   accept 1 | accept 2 | poll: 1 | poll: 2 | poll: ...");
	if (!demo_each_lane(narrator, KIND_STREAM, try_lane))
		return;
	demo_say(narrator,
		 "A poll(2) that waits for all descriptors at once lets one process serve many. "
		 "The other ways are a process or a thread for each connection.");
}
