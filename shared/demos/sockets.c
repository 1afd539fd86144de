#include "demos/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int demo_bound(struct narrator *narrator, int type, struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, type, 0);
	if (!demo_must(narrator, fd, "socket"))
		return -1;
	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (demo_must(narrator, bind(fd, (struct sockaddr *)address, length), "bind") &&
	    demo_must(narrator, getsockname(fd, (struct sockaddr *)address, &length),
		      "getsockname"))
		return fd;
	close(fd);
	return -1;
}

bool demo_pair_open(struct narrator *narrator, int type, struct demo_pair *pair)
{
	struct sockaddr_in calling = { 0 }, called;
	const struct sockaddr *address = (struct sockaddr *)&called;
	socklen_t length = sizeof(calling);
	*pair = (struct demo_pair){ .client = -1, .server = -1 };
	int bound = demo_bound(narrator, type, &called);
	if (bound == -1)
		return false;
	pair->client = socket(AF_INET, type, 0);
	bool works = demo_must(narrator, pair->client, "socket");
	if (type == SOCK_STREAM)
		works = works && demo_must(narrator, listen(bound, 1), "listen");
	works = works && demo_must(narrator, connect(pair->client, address, length), "connect");
	works = works &&
		demo_must(narrator, getsockname(pair->client, (struct sockaddr *)&calling, &length),
			  "getsockname");
	if (type == SOCK_STREAM) {
		pair->server = works ? demo_accept(bound) : -1;
		works = works && demo_must(narrator, pair->server, "accept");
		close(bound);
	} else {
		pair->server = bound;
	}
	if (!works)
		demo_pair_close(pair);
	pair->client_port = ntohs(calling.sin_port);
	pair->server_port = ntohs(called.sin_port);
	return works;
}

void demo_pair_close(struct demo_pair *pair)
{
	if (pair->client != -1)
		close(pair->client);
	if (pair->server != -1)
		close(pair->server);
	pair->client = pair->server = -1;
}

bool demo_readable(int fd)
{
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	return poll(&waiting, 1, 1000) == 1;
}

int demo_accept(int listener)
{
	if (demo_readable(listener))
		return accept(listener, NULL, NULL);
	errno = ETIMEDOUT;
	return -1;
}

const char *demo_tcp_listed(uint16_t local_port, uint16_t remote_port)
{
	char line[256];
	const char *found = "none";
	FILE *list = fopen("/proc/net/tcp", "r");
	if (!list)
		return NULL;
	while (fgets(line, sizeof(line), list)) {
		/* proc(5): "sl: local:port remote:port state ...", numbers in hexadecimal */
		unsigned local, remote, state;
		if (sscanf(line, " %*u: %*8x:%4x %*8x:%4x %2x", &local, &remote, &state) == 3 &&
		    local == local_port && remote == remote_port)
			found = demo_tcp_state_name(state);
	}
	fclose(list);
	return found;
}

const char *demo_tcp_state_name(unsigned state)
{
	static const char *const names[] = {
		"unknown",    "ESTABLISHED", "SYN_SENT",     "SYN_RECEIVED", "FIN_WAIT_1",
		"FIN_WAIT_2", "TIME_WAIT",   "CLOSED",       "CLOSE_WAIT",   "LAST_ACK",
		"LISTEN",     "CLOSING",     "SYN_RECEIVED",
	};
	return names[state < sizeof(names) / sizeof(*names) ? state : 0];
}

long demo_number(const char *path)
{
	long value = -1;
	FILE *file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}
