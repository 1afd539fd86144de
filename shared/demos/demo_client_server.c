#include "demos/demos.h"

#include "demos/lane.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The client sends "hello", the server that accepts it answers "HELLO". Was it so? */
static bool serve_one(int listener, int client)
{
	char request[16] = "", reply[16] = "";
	int server = demo_accept(listener);
	if (server == -1)
		return false;
	send(client, "hello", 5, MSG_NOSIGNAL);
	if (demo_receive(server, request, sizeof(request) - 1, 0) == 5 &&
	    strcmp(request, "hello") == 0)
		send(server, "HELLO", 5, MSG_NOSIGNAL);
	close(server);
	return demo_receive(client, reply, sizeof(reply) - 1, 0) == 5 &&
	       strcmp(reply, "HELLO") == 0;
}

static void try_connected(struct narrator *narrator, const struct demo_lane *lane)
{
	if (lane->domain == AF_UNIX) {
		int nobody = demo_knock(lane->socktype, &lane->server.address, lane->server.length);
		demo_claim(narrator, nobody == ENOENT,
			   "%s: before bind(2) there is no such name: %s", lane->name,
			   demo_errno(nobody));
	}

	int listener = demo_lane_bound(narrator, lane);
	if (listener == -1)
		return;
	struct demo_place at = demo_place(listener);
	int refused = demo_knock(lane->socktype, &at.address, at.length);
	demo_claim(narrator, refused == ECONNREFUSED,
		   "%s: before listen(2) connect(2) is refused: %s", lane->name,
		   demo_errno(refused));

	listen(listener, 1);
	int client = demo_call(lane->socktype, &at.address, at.length);
	int taken = demo_error(client);
	bool served = client != -1 && serve_one(listener, client);
	demo_claim(narrator, served, "%s: after it, connected: %s, and served: %s", lane->name,
		   demo_errno(taken), served ? "yes" : "no");
	demo_close(client);
	close(listener);
	demo_lane_end(lane);
}

/* Two datagram sockets; whichever sends first, the other learns the address that it came from. */
static bool exchange(int first, const struct demo_place *to, int second)
{
	char buffer[16];
	struct demo_place from = { .length = sizeof(from.address) };
	sendto(first, "hello", 5, MSG_NOSIGNAL, (const struct sockaddr *)&to->address, to->length);
	if (!demo_readable(second) || recvfrom(second, buffer, sizeof(buffer), 0,
					       (struct sockaddr *)&from.address, &from.length) != 5)
		return false;
	sendto(second, "HELLO!", 6, MSG_NOSIGNAL, (struct sockaddr *)&from.address, from.length);
	return demo_receive(first, buffer, sizeof(buffer), 0) == 6 &&
	       memcmp(buffer, "HELLO!", 6) == 0;
}

static void try_datagrams(struct narrator *narrator, const struct demo_lane *lane)
{
	struct demo_place here = lane->client, there = lane->server;
	int client = demo_bound(narrator, lane->socktype, &here.address, here.length);
	int server = demo_bound(narrator, lane->socktype, &there.address, there.length);
	if (client != -1 && server != -1) {
		bool asked = exchange(client, &there, server);
		bool told = exchange(server, &here, client);
		demo_claim(narrator, asked && told,
			   "%s: either side may send first and is answered: %s, %s", lane->name,
			   asked ? "client yes" : "client no", told ? "server yes" : "server no");
	}
	demo_close(client);
	demo_close(server);
	demo_lane_end(lane);
}

void demo_client_server(struct narrator *narrator)
{
	demo_say(narrator, "Where sockets are connected, the server must be there first:");
	demo_show(narrator,
		  "server  socket() bind() listen()          accept() recv() send() close()");
	demo_show(narrator, "client                      socket() connect()  send()        recv()");
	if (!demo_each_lane(narrator, KIND_STREAM | KIND_SEQPACKET, try_connected))
		return;
	demo_say(narrator,
		 "A name alone is not enough: listen(2) makes the queue that clients wait in. A "
		 "path that no bind(2) has made gives ENOENT. A port number always exists, so "
		 "where nobody has bound it, the host itself refuses. With datagrams there is no "
		 "listen(2) and no accept(2): two sockets, each with an address, and the "
		 "\"server\" is merely the one expected to answer.");
	demo_each_lane(narrator, KIND_DGRAM, try_datagrams);
}
