#include "demos/lane.h"
#include "demos/demo.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* connect(2) with a socket of its own; 0 or errno, as Python's connect_ex() gives it. */
static int call(const struct lane *lane, const struct place *at, int *fd)
{
	*fd = socket(lane->domain, lane->socktype, 0);
	if (*fd == -1)
		return errno;
	lane_limit(*fd);
	if (connect(*fd, (const struct sockaddr *)&at->address, at->length) == 0)
		return 0;
	int number = errno;
	close(*fd);
	*fd = -1;
	return number;
}

/* The client sends "hello", the server that accepts it answers "HELLO". Was it so? */
static bool serve_one(int listener, int client)
{
	char request[16] = "", reply[16] = "";
	int server = accept(listener, NULL, NULL);
	if (server == -1)
		return false;
	lane_limit(server);
	send(client, "hello", 5, MSG_NOSIGNAL);
	if (recv(server, request, sizeof(request) - 1, 0) == 5 && strcmp(request, "hello") == 0)
		send(server, "HELLO", 5, MSG_NOSIGNAL);
	close(server);
	return recv(client, reply, sizeof(reply) - 1, 0) == 5 && strcmp(reply, "HELLO") == 0;
}

static void try_connected(const struct lane *lane, struct narrator *narrator)
{
	struct place at = lane->server;
	int early, client = -1;
	if (lane->domain == AF_UNIX) {
		int nobody = call(lane, &at, &early);
		demo_claim(narrator, nobody == ENOENT,
			   "%s: before bind(2) there is no such name: %s", lane->name,
			   demo_errno(nobody));
		lane_close(early);
	}

	int listener = socket(lane->domain, lane->socktype, 0);
	if (!demo_must(narrator, listener, "socket"))
		return;
	lane_limit(listener);
	if (demo_must(narrator, bind(listener, (const struct sockaddr *)&at.address, at.length),
		      "bind")) {
		at = lane_place(listener);
		int refused = call(lane, &at, &early);
		demo_claim(narrator, refused == ECONNREFUSED,
			   "%s: before listen(2) connect(2) is refused: %s", lane->name,
			   demo_errno(refused));
		lane_close(early);

		listen(listener, 1);
		int taken = call(lane, &at, &client);
		bool served = taken == 0 && serve_one(listener, client);
		demo_claim(narrator, served, "%s: after it, connected: %s, and served: %s",
			   lane->name, demo_errno(taken), served ? "yes" : "no");
		lane_close(client);
	}
	close(listener);
	lane_unlink(lane);
}

/* Two datagram sockets; whichever sends first, the other learns the address that it came from. */
static bool exchange(int first, const struct place *to, int second)
{
	char buffer[16];
	struct place from = { .length = sizeof(from.address) };
	sendto(first, "hello", 5, MSG_NOSIGNAL, (const struct sockaddr *)&to->address, to->length);
	if (recvfrom(second, buffer, sizeof(buffer), 0, (struct sockaddr *)&from.address,
		     &from.length) != 5)
		return false;
	sendto(second, "HELLO!", 6, MSG_NOSIGNAL, (struct sockaddr *)&from.address, from.length);
	return recv(first, buffer, sizeof(buffer), 0) == 6 && memcmp(buffer, "HELLO!", 6) == 0;
}

static void try_datagrams(const struct lane *lane, struct narrator *narrator)
{
	int client = socket(lane->domain, lane->socktype, 0);
	int server = socket(lane->domain, lane->socktype, 0);
	lane_limit(client);
	lane_limit(server);
	if (demo_must(narrator, client, "socket") && demo_must(narrator, server, "socket") &&
	    demo_must(narrator,
		      bind(client, (const struct sockaddr *)&lane->client.address,
			   lane->client.length),
		      "bind") &&
	    demo_must(narrator,
		      bind(server, (const struct sockaddr *)&lane->server.address,
			   lane->server.length),
		      "bind")) {
		struct place there = lane_place(server), here = lane_place(client);
		bool asked = exchange(client, &there, server);
		bool told = exchange(server, &here, client);
		demo_claim(narrator, asked && told,
			   "%s: either side may send first and is answered: %s, %s", lane->name,
			   asked ? "client yes" : "client no", told ? "server yes" : "server no");
	}
	lane_close(client);
	lane_close(server);
	lane_unlink(lane);
}

static void run(struct narrator *narrator)
{
	struct lanes lanes;
	demo_say(narrator, "Where sockets are connected, the server must be there first:");
	demo_show(narrator,
		  "server  socket() bind() listen()          accept() recv() send() close()");
	demo_show(narrator, "client                      socket() connect()  send()        recv()");
	if (!lanes_open(&lanes, LANES_ALL, narrator))
		return;
	for (size_t i = 0; i < lanes.count; i++)
		if (lanes.items[i].socktype != SOCK_DGRAM)
			try_connected(&lanes.items[i], narrator);
	demo_say(narrator,
		 "A name alone is not enough: listen(2) makes the queue that clients wait in.");
	demo_say(narrator,
		 "A path that no bind(2) has made is ENOENT. A port always has a number, so where");
	demo_say(narrator, "nobody has bound it, the host itself refuses.");
	demo_say(narrator,
		 "With datagrams there is no listen(2) and no accept(2): two sockets, each");
	demo_say(narrator, "with an address, and \"server\" is only who is expected to answer.");
	for (size_t i = 0; i < lanes.count; i++)
		if (lanes.items[i].socktype == SOCK_DGRAM)
			try_datagrams(&lanes.items[i], narrator);
	lanes_close(&lanes);
}

const struct demo demo_client_server = {
	.name = "client-server",
	.summary = "who comes first is refused; datagrams have no first",
	.run = run,
};
