#ifndef AF_INET_ANSWER_H
#define AF_INET_ANSWER_H

#include "net/family.h"

/* Has the kernel say, with each datagram, what af_inet_answer() must know. */
int af_inet_ask(int fd, const struct endpoint *endpoint, struct error *error);

/* struct family's answer: from the address that was asked, with one hop less. */
const char *af_inet_answer(struct msghdr *message, const struct answer_rules *rules, int *hold);

#endif
