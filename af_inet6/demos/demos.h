#ifndef AF_INET6_DEMOS_DEMOS_H
#define AF_INET6_DEMOS_DEMOS_H

#include "demos/demo.h"

extern const struct demo demo_inet6_v4_mapped;
extern const struct demo demo_inet6_v6only;
extern const struct demo demo_inet6_loopbacks;
extern const struct demo demo_inet6_largest;
extern const struct demo demo_inet6_link_local_zone;
extern const struct demo demo_inet6_multicast;
extern const struct demo demo_inet6_answer_from;
extern const struct demo demo_inet6_hop_limit;

extern const struct demo *const af_inet6_demos[]; /* up to a NULL */

#endif
