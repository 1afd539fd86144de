#include "demos/demos.h"

#include <stddef.h>

/*
 * In the order of --list. To add one: its file here, a line in demos.h, a line below: one each, which
 * the formatter would not leave.
 */
/* clang-format off */
const struct demo *const shared_demos[] = {
	&demo_client_server,
	&demo_one_at_a_time,
	&demo_message_loop,
	&demo_socket_calls,
	&demo_socket_settings,
	&demo_boundaries,
	&demo_empty_message,
	&demo_peek_and_truncate,
	&demo_nonblocking_connect,
	&demo_signals_and_sigpipe,
	&demo_fork_inherits,
	&demo_promises,
	&demo_lanes,
	&demo_hmac_challenge,
	&demo_proof_relay,
	&demo_proof_mutual,
	NULL,
};
/* clang-format on */
