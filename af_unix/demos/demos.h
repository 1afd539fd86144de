#ifndef AF_UNIX_DEMOS_DEMOS_H
#define AF_UNIX_DEMOS_DEMOS_H

#include "demos/demo.h"

/* What only this family shows, up to one without a name. */
extern const struct demo af_unix_demos[];

void demo_socketpair(struct narrator *narrator);
void demo_dgram_unnamed(struct narrator *narrator);
void demo_types(struct narrator *narrator);
void demo_abstract(struct narrator *narrator);
void demo_autobind(struct narrator *narrator);
void demo_path_length(struct narrator *narrator);
void demo_permissions(struct narrator *narrator);
void demo_stale_file(struct narrator *narrator);
void demo_rename(struct narrator *narrator);
void demo_backlog(struct narrator *narrator);
void demo_reset(struct narrator *narrator);
void demo_empty_record(struct narrator *narrator);
void demo_dgram_queue(struct narrator *narrator);
void demo_largest(struct narrator *narrator);
void demo_credentials(struct narrator *narrator);
void demo_descriptor_passing(struct narrator *narrator);

#endif
