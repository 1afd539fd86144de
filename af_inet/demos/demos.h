#ifndef AF_INET_DEMOS_DEMOS_H
#define AF_INET_DEMOS_DEMOS_H

#include "demos/demo.h"

/* What only this family shows, up to one without a name. */
extern const struct demo af_inet_demos[];

void demo_tcp_handshake(struct narrator *narrator);
void demo_tcp_teardown(struct narrator *narrator);
void demo_tcp_backlog(struct narrator *narrator);
void demo_tcp_half_close(struct narrator *narrator);
void demo_tcp_reset(struct narrator *narrator);
void demo_tcp_time_wait(struct narrator *narrator);
void demo_tcp_boundaries(struct narrator *narrator);
void demo_tcp_urgent(struct narrator *narrator);
void demo_tcp_nagle(struct narrator *narrator);
void demo_udp_boundaries(struct narrator *narrator);
void demo_udp_truncation(struct narrator *narrator);
void demo_udp_overflow(struct narrator *narrator);
void demo_udp_large(struct narrator *narrator);
void demo_udp_refused(struct narrator *narrator);
void demo_inet_answer_from(struct narrator *narrator);
void demo_inet_bind(struct narrator *narrator);
void demo_inet_broadcast(struct narrator *narrator);
void demo_inet_multicast(struct narrator *narrator);
void demo_inet_reuseport(struct narrator *narrator);
void demo_inet_layers(struct narrator *narrator);

#endif
