#include "demos/demos.h"

#include "demos/lane.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAMILIES 8 /* more than there will be */
#define ROW (FAMILIES * 64)

/* Each is made once on every family; they are claimed a call at a time, when all are done. */
enum call {
	SOCKET,
	BIND,
	GETSOCKNAME,
	CONNECT_EARLY,
	LISTEN,
	CONNECT,
	ACCEPT,
	GETPEERNAME,
	SEND,
	RECV,
	SEND_ALL,
	SENDTO,
	RECVFROM,
	CLOSE,
	CALLS
};

static const char *const calls[CALLS] = {
	[SOCKET] = "socket() is a descriptor",
	[BIND] = "bind() gives it an address",
	[GETSOCKNAME] = "getsockname() tells which",
	[CONNECT_EARLY] = "connect(), nobody listens",
	[LISTEN] = "listen() makes a queue",
	[CONNECT] = "connect(), now it can",
	[ACCEPT] = "accept() and its peer",
	[GETPEERNAME] = "getpeername() of client",
	[SEND] = "send() of 5 bytes",
	[RECV] = "recv() of up to 64",
	[SEND_ALL] = "send() until all is sent",
	[SENDTO] = "sendto(), dgram",
	[RECVFROM] = "recvfrom() and its sender",
	[CLOSE] = "close(), and the recv() of its peer",
};

struct cell {
	bool good; /* it did what it is for */
	char seen[32];
};

struct column {
	const char *family;
	struct cell cells[CALLS];
};

static bool note(struct column *column, enum call call, bool good, const char *format, ...)
	DEMO_PRINTF(4);

static bool note(struct column *column, enum call call, bool good, const char *format, ...)
{
	struct cell *cell = &column->cells[call];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(cell->seen, sizeof(cell->seen), format, arguments);
	va_end(arguments);
	cell->good = good;
	return good;
}

static bool same(const struct demo_place *a, const struct demo_place *b)
{
	return a->length > 0 && a->length == b->length &&
	       memcmp(&a->address, &b->address, a->length) == 0;
}

/* What follows the last slash of a path, or the whole of another address. */
static const char *short_text(const struct demo_place *place)
{
	const char *text = demo_text(&place->address, place->length);
	const char *slash = strrchr(text, '/');
	return slash ? slash + 1 : text;
}

static const char *name_only(int number)
{
	static char name[24];
	snprintf(name, sizeof(name), "%s", demo_errno(number));
	name[strcspn(name, " ")] = '\0';
	return name;
}

/*
 * send(2) may take less than it is given: what has room in the buffers. So one asks again for the
 * rest, and for nothing while there is no room. The receiver, here the same process, makes room.
 */
static bool send_all(struct column *column, int from, int to)
{
	static unsigned char bytes[1 << 18], received[1 << 14];
	size_t sent = 0, arrived = 0, right = 0;
	int partial = 0, small = 1 << 14;
	setsockopt(from, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i % 251);
	while (arrived < sizeof(bytes)) {
		ssize_t count = 0;
		if (sent < sizeof(bytes))
			count = send(from, bytes + sent, sizeof(bytes) - sent,
				     MSG_DONTWAIT | MSG_NOSIGNAL);
		if (count == -1 && errno != EAGAIN)
			break;
		if (count > 0) {
			partial += (size_t)count < sizeof(bytes) - sent;
			sent += (size_t)count;
		}
		count = demo_receive(to, received, sizeof(received), 0);
		if (count <= 0)
			break;
		for (size_t i = 0; i < (size_t)count; i++)
			right += received[i] == (arrived + i) % 251;
		arrived += (size_t)count;
	}
	return note(column, SEND_ALL, right == sizeof(bytes) && arrived == right && partial > 0,
		    "%zu, %d partial", arrived, partial);
}

static void converse(struct column *column, int client, int server)
{
	char buffer[64];
	ssize_t count = send(client, "hello", 5, MSG_NOSIGNAL);
	note(column, SEND, count == 5, "%zd", count);
	count = demo_receive(server, buffer, sizeof(buffer), 0);
	note(column, RECV, count == 5 && memcmp(buffer, "hello", 5) == 0, "%zd", count);
	send_all(column, client, server);
}

static void connected(struct column *column, const struct demo_lane *lane, int listener)
{
	const struct sockaddr *chosen = (const struct sockaddr *)&lane->server.address;
	int bound = demo_error(bind(listener, chosen, lane->server.length));
	note(column, BIND, bound == 0, "%d", bound);
	struct demo_place at = demo_place(listener), peer = { .length = sizeof(peer.address) };
	note(column, GETSOCKNAME, at.address.ss_family == lane->domain, "%s", short_text(&at));

	int early = demo_knock(lane->socktype, &at.address, at.length);
	note(column, CONNECT_EARLY, early == ECONNREFUSED, "%s", name_only(early));
	int listening = demo_error(listen(listener, 1));
	note(column, LISTEN, listening == 0, "%d", listening);

	int client = demo_call(lane->socktype, &at.address, at.length), server = -1;
	int late = demo_error(client);
	if (note(column, CONNECT, late == 0, "%d", late))
		server = !demo_readable(listener)
				 ? -1
				 : accept(listener, (struct sockaddr *)&peer.address, &peer.length);
	struct demo_place own = demo_place(client);
	note(column, ACCEPT, server != -1 && same(&peer, &own), "%d %s", server, short_text(&peer));
	if (server != -1) {
		demo_limit(server);
		peer.length = sizeof(peer.address);
		getpeername(client, (struct sockaddr *)&peer.address, &peer.length);
		note(column, GETPEERNAME, same(&peer, &at), "%s", short_text(&peer));
		converse(column, client, server);
		close(client);
		char byte;
		int gone = demo_error(fcntl(client, F_GETFD));
		ssize_t last = demo_receive(server, &byte, 1, 0);
		note(column, CLOSE, gone == EBADF && last == 0, "0, then %zd", last);
		close(server);
	} else {
		demo_close(client);
	}
}

static void datagram(struct narrator *narrator, struct column *column, const struct demo_lane *lane)
{
	char buffer[64];
	struct demo_place from = { .length = sizeof(from.address) };
	struct demo_place to = lane->server, own = lane->client;
	int server = demo_bound(narrator, lane->socktype, &to.address, to.length);
	int client = demo_bound(narrator, lane->socktype, &own.address, own.length);
	own = demo_place(client);
	ssize_t count = sendto(client, "hello", 5, 0, (struct sockaddr *)&to.address, to.length);
	note(column, SENDTO, count == 5, "%zd", count);
	count = !demo_readable(server) ? -1
				       : recvfrom(server, buffer, sizeof(buffer), 0,
						  (struct sockaddr *)&from.address, &from.length);
	note(column, RECVFROM, count == 5 && same(&from, &own), "%zd %s", count, short_text(&from));
	demo_close(server);
	demo_close(client);
	demo_lane_end(lane);
}

static void fill(struct column *column, const struct demo_lane *lane)
{
	*column = (struct column){ .family = lane->family };
	for (enum call call = 0; call < CALLS; call++)
		note(column, call, false, "not reached");
	int listener = socket(lane->domain, lane->socktype, 0);
	note(column, SOCKET, listener >= 0, "%d", listener);
	if (listener == -1)
		return;
	demo_limit(listener);
	connected(column, lane, listener);
	close(listener);
	demo_lane_end(lane);
}

static void claim_rows(struct narrator *narrator, const struct column *columns, size_t count)
{
	for (enum call call = 0; call < CALLS; call++) {
		char row[ROW] = "";
		bool good = count > 0;
		for (size_t i = 0; i < count; i++) {
			const struct cell *cell = &columns[i].cells[call];
			size_t length = strlen(row);
			snprintf(row + length, sizeof(row) - length, "%s %s %s", i > 0 ? ";" : "",
				 columns[i].family, cell->seen);
			good = good && cell->good;
		}
		demo_claim(narrator, good, "%s:%s", calls[call], row);
	}
}

/* Fills a column for each family, from its stream lane and then its dgram lane. */
static size_t fill_all(struct narrator *narrator, const struct demo_lanes *lanes,
		       struct column columns[FAMILIES])
{
	size_t count = 0;
	for (size_t i = 0; i < lanes->count; i++) {
		const struct demo_lane *lane = &lanes->items[i];
		if (lane->socktype != SOCK_STREAM)
			continue;
		if (count == FAMILIES) {
			demo_skip(narrator, "%s: no room for another family", lane->family);
			break;
		}
		fill(&columns[count++], lane);
	}
	for (size_t i = 0; i < lanes->count; i++)
		for (size_t c = 0; c < count; c++)
			if (lanes->items[i].socktype == SOCK_DGRAM &&
			    strcmp(lanes->items[i].family, columns[c].family) == 0)
				datagram(narrator, &columns[c], &lanes->items[i]);
	return count;
}

void demo_socket_calls(struct narrator *narrator)
{
	struct demo_lanes lanes;
	struct column columns[FAMILIES];
	demo_say(narrator,
		 "Every call of a server and its client, made on each family; 0 is success where a "
		 "call has nothing else to return. Only the addresses differ.");
	if (!demo_lanes_open(narrator, KIND_STREAM | KIND_DGRAM, &lanes))
		return;
	size_t count = fill_all(narrator, &lanes, columns);
	demo_lanes_close(&lanes);
	claim_rows(narrator, columns, count);
	demo_say(narrator,
		 "accept() gives a descriptor for one client; the listener stays as it was. A unix "
		 "client has no name unless it binds one; an inet one gets a port without asking. "
		 "A partial send() is no error: the rest is sent when there is room again.");
}
