#include "af_unix/demos/demos.h"

#include <stddef.h>

/*
 * In the order of --list. To add one: its file here, a line in demos.h, a line below: one each, which
 * the formatter would not leave.
 */
/* clang-format off */
const struct demo *const af_unix_demos[] = {
	&demo_socketpair,
	&demo_dgram_unnamed,
	&demo_types,
	&demo_abstract,
	&demo_autobind,
	&demo_path_length,
	&demo_permissions,
	&demo_stale_file,
	&demo_rename,
	&demo_backlog,
	&demo_reset,
	&demo_empty_record,
	&demo_dgram_queue,
	&demo_largest,
	&demo_credentials,
	&demo_descriptor_passing,
	NULL,
};
/* clang-format on */
