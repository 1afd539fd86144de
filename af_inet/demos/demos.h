#ifndef AF_INET_DEMOS_DEMOS_H
#define AF_INET_DEMOS_DEMOS_H

#include "demos/demo.h"

extern const struct demo *const af_inet_demos[]; /* up to a NULL */

extern const struct demo demo_tcp_handshake;
extern const struct demo demo_tcp_teardown;
extern const struct demo demo_tcp_backlog;
extern const struct demo demo_tcp_half_close;
extern const struct demo demo_tcp_reset;
extern const struct demo demo_tcp_time_wait;
extern const struct demo demo_tcp_boundaries;
extern const struct demo demo_tcp_urgent;
extern const struct demo demo_tcp_nagle;
extern const struct demo demo_udp_boundaries;
extern const struct demo demo_udp_truncation;
extern const struct demo demo_udp_overflow;
extern const struct demo demo_udp_large;
extern const struct demo demo_udp_refused;
extern const struct demo demo_inet_answer_from;
extern const struct demo demo_inet_bind;
extern const struct demo demo_inet_broadcast;
extern const struct demo demo_inet_reuseport;
extern const struct demo demo_inet_multicast;
extern const struct demo demo_inet_layers;

#endif
