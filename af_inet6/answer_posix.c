#include "af_inet6/answer.h"
#include "net/ip.h"

#include <netinet/in.h>

/* As in af_inet: POSIX tells neither the address asked nor the hops left. */
int af_inet6_ask(int fd, const struct endpoint *endpoint, struct error *error)
{
	(void)fd, (void)endpoint, (void)error;
	return 0;
}

const char *af_inet6_answer(struct msghdr *message, const struct answer_rules *rules, int *hold)
{
	const struct sockaddr_in6 *peer = message->msg_name;
	(void)hold;
	message->msg_control = NULL;
	message->msg_controllen = 0;
	return ip_refuse_port(peer->sin6_port, rules);
}

void af_inet6_ask_all(int fd)
{
	(void)fd;
}

void af_inet6_tell(struct msghdr *message, const struct endpoint *bound, struct told *told)
{
	(void)message, (void)bound, (void)told;
}
