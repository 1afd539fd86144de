#ifndef DEMOS_DEMOS_H
#define DEMOS_DEMOS_H

#include "demos/demo.h"

extern const struct demo demo_boundaries;
extern const struct demo demo_empty_message;
extern const struct demo demo_message_loop;
extern const struct demo demo_client_server;
extern const struct demo demo_one_at_a_time;
extern const struct demo demo_socket_calls;
extern const struct demo demo_socket_settings;
extern const struct demo demo_peek_and_truncate;
extern const struct demo demo_nonblocking_connect;
extern const struct demo demo_signals_and_sigpipe;
extern const struct demo demo_fork_inherits;
extern const struct demo demo_promises;
extern const struct demo demo_lanes;
extern const struct demo demo_hmac_challenge;
extern const struct demo demo_proof_relay;
extern const struct demo demo_proof_mutual;

/* Demonstrations that compare families. A family's own are in its folder. */
extern const struct demo *const shared_demos[]; /* up to a NULL */

#endif
