/* IP_PKTINFO is Linux's (ip(7)); other systems have the like by other names. */
#define _GNU_SOURCE

#include "af_inet/demos/demos.h"

#include "af_inet/demos/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
	struct sockaddr_in from;
	struct in_pktinfo asked; /* ipi_spec_dst is the local address that was asked */
	bool told;
	char text[16];
};

static bool receive(struct narrator *narrator, int server, struct request *request)
{
	union {
		struct cmsghdr aligned;
		char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control;
	struct iovec text = { request->text, sizeof(request->text) - 1 };
	struct msghdr message = {
		.msg_name = &request->from,
		.msg_namelen = sizeof(request->from),
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	memset(request->text, 0, sizeof(request->text));
	request->told = false;
	if (!demo_readable(server))
		errno = ETIMEDOUT;
	else if (recvmsg(server, &message, 0) != -1) {
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		if (header && header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
			memcpy(&request->asked, CMSG_DATA(header), sizeof(request->asked));
			request->told = true;
		}
		return true;
	}
	return demo_must(narrator, -1, "recvmsg");
}

/* Answers with the request's own text, from the address that was asked, if that is known. */
static bool reply(struct narrator *narrator, int server, struct request *request)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = { .header = { .cmsg_level = IPPROTO_IP,
				  .cmsg_type = IP_PKTINFO,
				  .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)) } };
	struct iovec text = { request->text, strlen(request->text) };
	struct msghdr message = {
		.msg_name = &request->from,
		.msg_namelen = sizeof(request->from),
		.msg_iov = &text,
		.msg_iovlen = 1,
	};
	if (request->told) {
		request->asked.ipi_ifindex = 0; /* the routing table chooses the way back */
		memcpy(CMSG_DATA(&control.header), &request->asked, sizeof(request->asked));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	return demo_must(narrator, sendmsg(server, &message, MSG_NOSIGNAL), "sendmsg");
}

/* A client that takes answers from anybody asks; SOURCE is where the answer comes from. */
static bool ask(struct narrator *narrator, int server, const struct sockaddr_in *to,
		char source[INET_ADDRSTRLEN])
{
	struct request request;
	struct sockaddr_in from = { 0 };
	socklen_t length = sizeof(from);
	char text[16];
	bool works = false;
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	if (!demo_must(narrator, client, "socket"))
		return false;
	if (demo_must(narrator,
		      sendto(client, "who?", 4, MSG_NOSIGNAL, (const struct sockaddr *)to,
			     sizeof(*to)),
		      "sendto") &&
	    receive(narrator, server, &request) && reply(narrator, server, &request)) {
		demo_readable(client);
		works = demo_must(narrator,
				  recvfrom(client, text, sizeof(text), MSG_DONTWAIT,
					   (struct sockaddr *)&from, &length),
				  "recvfrom");
	}
	close(client);
	inet_ntop(AF_INET, &from.sin_addr, source, INET_ADDRSTRLEN);
	return works;
}

static void story(struct narrator *narrator, int server, int client, const struct sockaddr_in *to)
{
	char source[INET_ADDRSTRLEN], text[16] = "";
	struct request request;
	int on = 1;

	demo_say(narrator,
		 "A UDP server on 0.0.0.0, every address, is asked at 127.0.0.2, and answers:");
	if (!ask(narrator, server, to, source))
		return;
	demo_claim(narrator, strcmp(source, "127.0.0.2") != 0,
		   "routing chooses another source: the answer is from %s", source);
	demo_say(narrator, "A client that has called connect() takes answers from 127.0.0.2 only.");
	if (!demo_must(narrator, connect(client, (const struct sockaddr *)to, sizeof(*to)),
		       "connect") ||
	    !demo_must(narrator, send(client, "first", 5, MSG_NOSIGNAL), "send") ||
	    !receive(narrator, server, &request) || !reply(narrator, server, &request))
		return;

	demo_say(narrator,
		 "With IP_PKTINFO the server is told which address was asked, to answer from:");
	if (!demo_must(narrator, setsockopt(server, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)),
		       "IP_PKTINFO") ||
	    !ask(narrator, server, to, source))
		return;
	demo_claim(narrator, strcmp(source, "127.0.0.2") == 0, "the answer is from %s", source);
	if (!demo_must(narrator, send(client, "second", 6, MSG_NOSIGNAL), "send") ||
	    !receive(narrator, server, &request) || !reply(narrator, server, &request))
		return;
	demo_readable(client);
	recv(client, text, sizeof(text) - 1, MSG_DONTWAIT);
	demo_claim(narrator, strcmp(text, "second") == 0,
		   "the connected client never got its first answer, only this one: \"%s\"", text);
	demo_say(narrator,
		 "The other solution is a socket for each local address, as in DNS servers.");
}

void demo_inet_answer_from(struct narrator *narrator)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	if (!demo_inet_here(narrator))
		return;
	int server = demo_bound(narrator, SOCK_DGRAM, &address, sizeof(address));
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	if (server != -1 && demo_must(narrator, client, "socket")) {
		inet_pton(AF_INET, "127.0.0.2", &address.sin_addr);
		story(narrator, server, client, &address);
	}
	demo_close(server);
	demo_close(client);
}
