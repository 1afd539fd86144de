#ifndef NET_IP_H
#define NET_IP_H

#include "net/family.h"

#include <netinet/in.h>

/* What AF_INET and AF_INET6 have in common: TCP's options, and which datagrams are not answered. */

int ip_adjust(int fd, const struct kind *kind, struct error *error);
int ip_adjust_listener(int fd, struct error *error); /* of a stream listener */

/*
 * Names TCP's congestion control (tcp(7), TCP_CONGESTION) for a socket; fails with STATUS_USAGE for
 * one that this system does not have.
 */
int ip_congestion(int fd, const char *name, struct error *error);

/* family.hint of both, for errno NUMBER. */
const char *ip_hint(int number);

/*
 * NULL, or why a datagram from this port (network byte order) is not answered: two echo
 * services that are made to answer each other never stop, and the classic ones live below
 * 1024 (BSD inetd's rule).
 */
const char *ip_refuse_port(in_port_t port, const struct answer_rules *rules);

/*
 * The reply goes out with one hop less than the datagram had left, so that a loop between two echo
 * services dies out. Returns NULL, or why there is no hop left for it. HOPS_UNKNOWN is where the system
 * did not say, or said what cannot be: then there is no such protection.
 */
#define HOPS_UNKNOWN (-1)
const char *ip_refuse_hops(int *hops);

/* Into DSCP and ECN: what IPv4 calls type of service (RFC 2474, 3168), and IPv6 traffic class. */
void ip_tell_service(struct told *told, unsigned byte);

/* Appends a control message to those of a reply, in the room of ANSWER_CONTROL bytes. */
void ip_put_control(struct msghdr *message, int level, int type, const void *value, size_t length);

#endif
