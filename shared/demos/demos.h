#ifndef DEMOS_DEMOS_H
#define DEMOS_DEMOS_H

#include "demos/demo.h"

/* What compares families, up to one without a name. What shows only one of them is with it. */
extern const struct demo shared_demos[];

void demo_client_server(struct narrator *narrator);
void demo_one_at_a_time(struct narrator *narrator);
void demo_message_loop(struct narrator *narrator);
void demo_socket_calls(struct narrator *narrator);
void demo_socket_settings(struct narrator *narrator);
void demo_boundaries(struct narrator *narrator);
void demo_empty_message(struct narrator *narrator);
void demo_peek_and_truncate(struct narrator *narrator);
void demo_nonblocking_connect(struct narrator *narrator);
void demo_signals_and_sigpipe(struct narrator *narrator);
void demo_fork_inherits(struct narrator *narrator);
void demo_promises(struct narrator *narrator);
void demo_lanes(struct narrator *narrator);
void demo_hmac_challenge(struct narrator *narrator);
void demo_proof_relay(struct narrator *narrator);
void demo_proof_mutual(struct narrator *narrator);

#endif
