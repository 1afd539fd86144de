/*
 * The plain client of one connection, on any echo server (exchange.h has what it prints):
 *
 *     single_load KIND WHERE PID block|spin|bulk|idle SIZE SECONDS
 *     single_load KIND WHERE
 *
 * PID is the server's, or 0. The second form sends one message, and its status says whether it
 * came back within a fifth of a second.
 */
#define _GNU_SOURCE
#include "exchange.h"
#include "place.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static int probe(int fd)
{
	struct pollfd watch = { fd, POLLIN, 0 };
	/* sockperf's server wants a header, whose last number is the length */
	char message[14] = "\0\0\0\0\0\0\0\1\0\3\0\0\0\16";
	if (send(fd, message, sizeof(message), MSG_NOSIGNAL) == -1)
		return 1;
	return poll(&watch, 1, 200) != 1 || recv(fd, message, sizeof(message), 0) <= 0;
}

int main(int argc, char **argv)
{
	if (argc != 3 && argc != 7)
		return 64;
	struct place place = place_read(argv[1], argv[2]);
	int fd = place_connect(&place);
	if (argc == 3)
		return probe(fd);
	int mode = exchange_mode(argv[4]);
	if (mode == -1)
		return 64;
	exchange(fd, (enum exchange_mode)mode, (size_t)atol(argv[5]),
		 (int64_t)(atof(argv[6]) * 1e9), atoi(argv[3]));
	return 0;
}
