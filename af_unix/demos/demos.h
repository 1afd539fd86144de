#ifndef AF_UNIX_DEMOS_DEMOS_H
#define AF_UNIX_DEMOS_DEMOS_H

#include "demos/demo.h"

extern const struct demo demo_socketpair;
extern const struct demo demo_dgram_unnamed;
extern const struct demo demo_types;
extern const struct demo demo_abstract;
extern const struct demo demo_autobind;
extern const struct demo demo_path_length;
extern const struct demo demo_permissions;
extern const struct demo demo_stale_file;
extern const struct demo demo_rename;
extern const struct demo demo_backlog;
extern const struct demo demo_reset;
extern const struct demo demo_empty_record;
extern const struct demo demo_dgram_queue;
extern const struct demo demo_largest;
extern const struct demo demo_credentials;
extern const struct demo demo_descriptor_passing;

extern const struct demo *const af_unix_demos[]; /* up to a NULL */

#endif
