/*
 * Does every byte come back, in its place, whatever the size and however the connection ends?
 *
 *     exact [-e] ENDPOINT
 *
 * This client shares no code with the program under test. It reads the endpoint's text itself
 * (the simple forms that a test's server prints) and tries every size with every way to end a
 * connection. It prints a line for each attempt that went wrong, and then the counts, "N exact,
 * M not". Its status is 0 if M is 0 and N is not.
 *
 * With -e no empty message is sent: a seqpacket server that has POSIX alone takes one for the end.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* In milliseconds: a reply that has not come by then will not come. */
#define SILENCE 5000

#define GREATEST 1000003

static const size_t sizes[] = {
	0,     1,     2,     3,     63,    64,     65,             /* small */
	1023,  1460,  4095,  4096,  4097,  8191,   8192,     8193, /* a segment, a page, two */
	65507, 65527, 65535, 65536, 65537, 212960, GREATEST,       /* the longest datagrams */
};
#define SIZE_COUNT (sizeof(sizes) / sizeof(*sizes))

struct target {
	struct sockaddr_storage address;
	socklen_t length;
	int type;
	size_t least, most; /* of a message */
	int family;
};

static unsigned char sent[GREATEST + 1], received[GREATEST + 2];
static unsigned exact, wrong;

static void give_up(const char *what)
{
	fprintf(stderr, "exact: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void fill(unsigned seed)
{
	unsigned state = seed * 2654435761u + 1;
	for (size_t i = 0; i < sizeof(sent); i++) {
		state = state * 1664525u + 1013904223u;
		sent[i] = (unsigned char)(state >> 24);
	}
}

static int parse_type(const char *name, size_t length)
{
	static const struct {
		const char *name;
		int type;
	} types[] = {
		{ "stream", SOCK_STREAM },
		{ "dgram", SOCK_DGRAM },
		{ "seqpacket", SOCK_SEQPACKET },
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strlen(types[i].name) == length && memcmp(types[i].name, name, length) == 0)
			return types[i].type;
	return -1;
}

static void parse_unix(const char *text, struct target *target)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&target->address;
	size_t length = strlen(text);
	if (length >= sizeof(un->sun_path))
		give_up("a path too long");
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, text, length);
	if (*text == '@')
		un->sun_path[0] = '\0';
	target->length =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (*text != '@'));
	target->most = 212960;
}

static int parse_inet(const char *text, struct target *target)
{
	struct sockaddr_in *in = (struct sockaddr_in *)&target->address;
	char host[64];
	unsigned short port;
	if (sscanf(text, "%63[0-9.]:%hu", host, &port) != 2)
		return -1;
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	target->length = sizeof(*in);
	target->most = 65507;
	return inet_pton(AF_INET, host, &in->sin_addr) == 1 ? 0 : -1;
}

static int parse_inet6(const char *text, struct target *target)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&target->address;
	char host[64];
	unsigned short port;
	if (sscanf(text, "[%63[0-9a-f:.]]:%hu", host, &port) != 2)
		return -1;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	target->length = sizeof(*in6);
	target->most = 65527;
	return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1 ? 0 : -1;
}

static int parse(const char *text, struct target *target)
{
	const char *plus = strchr(text, '+');
	const char *colon = strchr(text, ':');
	int result = 0;
	if (!plus || !colon || plus > colon)
		return -1;
	target->type = parse_type(plus + 1, (size_t)(colon - plus - 1));
	size_t length = (size_t)(plus - text);
	if (length == 4 && memcmp(text, "unix", 4) == 0)
		parse_unix(colon + 1, target);
	else if (length == 4 && memcmp(text, "inet", 4) == 0)
		result = parse_inet(colon + 1, target);
	else if (length == 5 && memcmp(text, "inet6", 5) == 0)
		result = parse_inet6(colon + 1, target);
	else
		result = -1;
	target->family = target->address.ss_family;
	if (target->type == SOCK_STREAM) {
		target->least = 1;
		target->most = GREATEST;
	}
	return target->type == -1 ? -1 : result;
}

static int dial(const struct target *target)
{
	int fd = socket(target->family, target->type, 0);
	int size = 1 << 20;
	if (fd == -1)
		give_up("socket");
	if (target->type == SOCK_DGRAM && target->family == AF_UNIX) {
		/* the server answers to a path: one in the caller's folder, where it stays */
		static unsigned count;
		struct sockaddr_un own = { .sun_family = AF_UNIX };
		sprintf(own.sun_path, "exact.%u", count++ % 2);
		unlink(own.sun_path);
		if (bind(fd, (struct sockaddr *)&own, sizeof(own)) == -1)
			give_up("bind");
	}
	if (target->type != SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (connect(fd, (const struct sockaddr *)&target->address, target->length) == -1)
		give_up("connect");
	return fd;
}

/* What poll(2) saw of EVENTS within the time that a server may be silent. */
static short await(int fd, short events)
{
	struct pollfd item = { .fd = fd, .events = events };
	return poll(&item, 1, SILENCE) == 1 ? item.revents : 0;
}

/*
 * Sends LENGTH bytes in pieces of PIECE, and meanwhile reads what comes back, until that
 * is LENGTH bytes or the end. The byte at URGENT goes out of band (none, if that is
 * beyond the last one); with HALF_CLOSE, sending is shut down after the last. Returns
 * how many bytes came back.
 */
static size_t pump(int fd, size_t length, size_t piece, size_t urgent, int half_close)
{
	size_t out = 0, in = 0;
	int shut = 0;
	while (in < length || (half_close && !shut)) {
		if (out == length && half_close && !shut) {
			shutdown(fd, SHUT_WR);
			shut = 1;
			continue;
		}
		short ready = await(fd, (short)(POLLIN | (out < length ? POLLOUT : 0)));
		if (!ready)
			break;
		if ((ready & POLLOUT) && out < length) {
			size_t now = length - out < piece ? length - out : piece;
			int oob = out == urgent ? MSG_OOB : 0;
			if (oob)
				now = 1;
			else if (out < urgent && out + now > urgent)
				now = urgent - out;
			ssize_t count =
				send(fd, sent + out, now, MSG_NOSIGNAL | MSG_DONTWAIT | oob);
			if (count == -1 && errno != EAGAIN)
				break;
			if (count > 0)
				out += (size_t)count;
		}
		if (ready & (POLLIN | POLLHUP | POLLERR)) {
			ssize_t count =
				recv(fd, received + in, sizeof(received) - in, MSG_DONTWAIT);
			if (count == 0 || (count == -1 && errno != EAGAIN))
				break;
			if (count > 0)
				in += (size_t)count;
		}
	}
	return in;
}

/* After the reply nothing may come, but after a half-close the end. What is wrong, or NULL. */
static const char *check_after(int fd, int half_close)
{
	unsigned char byte;
	if (half_close) {
		if (!await(fd, POLLIN))
			return "no end after the half-close";
		ssize_t count = recv(fd, &byte, 1, MSG_DONTWAIT);
		return count == 0 ? NULL : count == 1 ? "more than was sent" : strerror(errno);
	}
	return recv(fd, &byte, 1, MSG_DONTWAIT) == 1 ? "more than was sent" : NULL;
}

static void judge(const char *way, size_t size, size_t length, const char *why)
{
	size_t same = 0;
	while (same < size && same < length && sent[same] == received[same])
		same++;
	if (same == size && length == size && !why) {
		exact++;
		return;
	}
	wrong++;
	printf("%s, %zu bytes: %zu came back, the first %zu as sent%s%s\n", way, size, length, same,
	       why ? "; " : "", why ? why : "");
}

static void try_stream(const struct target *target, const char *way, size_t size, size_t piece,
		       size_t urgent, int half_close)
{
	int fd = dial(target);
	fill((unsigned)size);
	size_t length = pump(fd, size, piece, urgent, half_close);
	judge(way, size, length, check_after(fd, half_close));
	close(fd);
}

/* Goes away in the middle, with bytes unread; whoever comes next must not notice. */
static void try_reset(const struct target *target, size_t size)
{
	struct linger none = { .l_onoff = 1, .l_linger = 0 };
	int fd = dial(target);
	fill((unsigned)size);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	if (send(fd, sent, size, MSG_NOSIGNAL | MSG_DONTWAIT) == -1 && errno != EAGAIN)
		give_up("send");
	close(fd);
	if (target->type == SOCK_STREAM)
		try_stream(target, "after a reset", size, size, size, 0);
}

static void try_streams(const struct target *target, size_t size)
{
	try_stream(target, "close after the reply", size, size, size, 0);
	try_stream(target, "half-close", size, size, size, 1);
	try_stream(target, "odd pieces", size, size / 7 + 1, size, 1);
	try_stream(target, "pieces of 1009", size, 1009, size, 0);
	if (size <= 8193)
		try_stream(target, "single bytes", size, 1, size, 1);
	try_stream(target, "a byte out of band", size, size, size / 2, 0);
	try_reset(target, size);
}

static int await_record(int fd, size_t *length)
{
	if (!await(fd, POLLIN))
		return 0;
	ssize_t count = recv(fd, received, sizeof(received), 0);
	*length = count > 0 ? (size_t)count : 0;
	return count >= 0;
}

static void try_record(const struct target *target, int fd, const char *way, size_t size)
{
	size_t length = 0;
	const char *why = NULL;
	int big = 4 << 20;
	fill((unsigned)size);
	memset(received, 0, sizeof(received));
	if (target->family == AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
	if (send(fd, sent, size, MSG_NOSIGNAL) == -1)
		why = strerror(errno);
	else if (!await_record(fd, &length))
		why = "no reply";
	judge(way, size, length, why);
}

static void try_records(const struct target *target, size_t size)
{
	int fd = dial(target);
	try_record(target, fd, "close after the reply", size);
	try_record(target, fd, "again on the same socket", size);
	close(fd);

	fd = dial(target);
	if (target->type == SOCK_SEQPACKET) {
		/* the end is announced before the reply is read */
		fill((unsigned)size);
		size_t length = 0;
		const char *why = send(fd, sent, size, MSG_NOSIGNAL) == -1 ? strerror(errno) : NULL;
		shutdown(fd, SHUT_WR);
		if (!why && !await_record(fd, &length))
			why = "no reply";
		if (!why)
			why = check_after(fd, 1);
		judge("half-close", size, length, why);
	} else if (size > 0) {
		/* IP may reorder them, though not over loopback: the sizes tell them apart */
		fill((unsigned)size);
		size_t first = 0, second = 0;
		const char *why = NULL;
		if (send(fd, sent, size, 0) == -1 || send(fd, sent, size - 1, 0) == -1)
			why = strerror(errno);
		else if (!await_record(fd, &first) || !await_record(fd, &second) ||
			 second != size - 1)
			why = "not two replies in order";
		else if (first != size)
			why = "the first reply has another length";
		judge("two at once", size - 1, second, why);
	}
	close(fd);

	try_reset(target, size);
	fd = dial(target);
	try_record(target, fd, "after a client that left", size);
	close(fd);
}

int main(int argc, char **argv)
{
	struct target target = { 0 };
	int no_empty = argc == 3 && strcmp(argv[1], "-e") == 0;
	if (argc != 2 + no_empty || parse(argv[argc - 1], &target) == -1) {
		fprintf(stderr, "usage: exact [-e] ENDPOINT, as sockfam serve prints it\n");
		return 2;
	}
	if (no_empty)
		target.least = 1;
	for (size_t i = 0; i < SIZE_COUNT; i++) {
		if (sizes[i] < target.least || sizes[i] > target.most)
			continue;
		if (target.type == SOCK_STREAM)
			try_streams(&target, sizes[i]);
		else
			try_records(&target, sizes[i]);
	}
	printf("%u exact, %u not\n", exact, wrong);
	return wrong == 0 && exact > 0 ? 0 : 1;
}
