#ifndef AF_INET6_DEMOS_DEMOS_H
#define AF_INET6_DEMOS_DEMOS_H

#include "demos/demo.h"

/* What only this family shows, up to one without a name. */
extern const struct demo af_inet6_demos[];

void demo_inet6_v4_mapped(struct narrator *narrator);
void demo_inet6_v6only(struct narrator *narrator);
void demo_inet6_loopbacks(struct narrator *narrator);
void demo_inet6_largest(struct narrator *narrator);
void demo_inet6_link_local_zone(struct narrator *narrator);
void demo_inet6_multicast(struct narrator *narrator);
void demo_inet6_answer_from(struct narrator *narrator);
void demo_inet6_hop_limit(struct narrator *narrator);

#endif
