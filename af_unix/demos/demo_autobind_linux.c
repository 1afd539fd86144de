/* A bind() to no name at all is Linux's, unix(7). */
#define _GNU_SOURCE

#include "af_unix/demos/demos.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BEFORE_PATH offsetof(struct sockaddr_un, sun_path)

/* What getsockname() tells. The name has 1 + 5 bytes, a NUL first, and here one more at its end. */
static socklen_t own_name(int fd, struct sockaddr_un *address)
{
	socklen_t length = sizeof(*address);
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return getsockname(fd, (struct sockaddr *)address, &length) == -1 ? 0 : length;
}

static void show_names(struct narrator *narrator, int server, int client)
{
	struct sockaddr_un nothing = { .sun_family = AF_UNIX }, first, second;
	demo_say(narrator,
		 "A datagram client needs an address for the reply. It binds the bare family:");
	demo_show(narrator, "bind(fd, { AF_UNIX }, sizeof(sa_family_t))");
	int said = demo_error(bind(server, (struct sockaddr *)&nothing, sizeof(sa_family_t)));
	if (said == 0 && bind(client, (struct sockaddr *)&nothing, sizeof(sa_family_t)) == -1)
		said = errno;
	demo_claim(narrator, said == 0, "bind() takes an address without a name: %s",
		   demo_errno(said));
	socklen_t length = own_name(server, &first);
	own_name(client, &second);
	demo_show(narrator, "getsockname() of one: \"\\0%s\", of another: \"\\0%s\"",
		  first.sun_path + 1, second.sun_path + 1);
	demo_claim(narrator,
		   length == BEFORE_PATH + 6 && first.sun_path[0] == '\0' &&
			   strspn(first.sun_path + 1, "0123456789abcdef") == 5,
		   "the kernel chose an abstract name of five hex digits: \"\\0%s\"",
		   first.sun_path + 1);
	demo_claim(narrator, memcmp(first.sun_path, second.sun_path, 6) != 0,
		   "each socket has its own: %s and %s", first.sun_path + 1, second.sun_path + 1);
}

static void use_names(struct narrator *narrator, int server, int client)
{
	struct sockaddr_un to, from = { 0 };
	char text[16] = "";
	socklen_t length = own_name(server, &to);
	demo_say(narrator,
		 "One asks, and the other sends its answer to where the question came from:");
	sendto(client, "ping", 4, MSG_NOSIGNAL, (struct sockaddr *)&to, length);
	length = sizeof(from);
	recvfrom(server, text, sizeof(text) - 1, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
	demo_show(narrator, "client \"\\0%s\" ---> \"%s\" ---> server \"\\0%s\"", from.sun_path + 1,
		  text, to.sun_path + 1);
	sendto(server, "pong", 4, MSG_NOSIGNAL, (struct sockaddr *)&from, length);
	memset(text, 0, sizeof(text));
	ssize_t got = recv(client, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_claim(narrator, got == 4 && strcmp(text, "pong") == 0,
		   "the answer finds the client: recv() gives \"%s\"", text);
	demo_say(narrator,
		 "There is no file to remove, and no name to choose that might be taken.");
}

void demo_autobind(struct narrator *narrator)
{
	int server = socket(AF_UNIX, SOCK_DGRAM, 0);
	int client = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (demo_must(narrator, server, "socket") && demo_must(narrator, client, "socket")) {
		show_names(narrator, server, client);
		use_names(narrator, server, client);
	}
	close(server);
	close(client);
}
