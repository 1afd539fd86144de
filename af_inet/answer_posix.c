#include "af_inet/answer.h"
#include "net/ip.h"

#include <netinet/in.h>

/*
 * POSIX cannot tell which address was asked, nor how many hops were left: a wildcard listener
 * answers from the address that routing chooses, and only the low ports keep a loop away.
 */
int af_inet_ask(int fd, const struct endpoint *endpoint, struct error *error)
{
	(void)fd, (void)endpoint, (void)error;
	return 0;
}

const char *af_inet_answer(struct msghdr *message, const struct answer_rules *rules, int *hold)
{
	const struct sockaddr_in *peer = message->msg_name;
	(void)hold;
	message->msg_control = NULL;
	message->msg_controllen = 0;
	return ip_refuse_port(peer->sin_port, rules);
}

void af_inet_ask_all(int fd)
{
	(void)fd;
}

void af_inet_tell(struct msghdr *message, const struct endpoint *bound, struct told *told)
{
	(void)message, (void)bound, (void)told;
}
