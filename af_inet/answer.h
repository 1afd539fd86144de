#ifndef AF_INET_ANSWER_H
#define AF_INET_ANSWER_H

#include "net/family.h"

/* Has the kernel say, with each datagram, what af_inet_answer() must know. */
int af_inet_ask(int fd, const struct endpoint *endpoint, struct error *error);

/* struct family's ask_all and tell: type of service, hops, and the address that was asked. */
void af_inet_ask_all(int fd);
void af_inet_tell(struct msghdr *message, const struct endpoint *bound, struct told *told);

/* struct family's answer: from the address that was asked, with one hop less. */
const char *af_inet_answer(struct msghdr *message, const struct answer_rules *rules, int *hold);

#endif
