#include "demos/demos.h"

#include <stddef.h>

/* In the order of --list; demo.h tells how to add one. */
const struct demo shared_demos[] = {
	{ "client-server", "a client must come second, except with datagrams", demo_client_server },
	{ "one-at-a-time", "a second client waits, unless poll() watches both",
	  demo_one_at_a_time },
	{ "message-loop", "receive and reply until recv() returns 0", demo_message_loop },
	{ "socket-calls", "every call of server and client, on each family", demo_socket_calls },
	{ "socket-settings", "options, time-outs, blocking, stdio on a socket",
	  demo_socket_settings },
	{ "boundaries", "two sends: one receive on a stream, two elsewhere", demo_boundaries },
	{ "empty-message", "an empty message is a message, except on a stream",
	  demo_empty_message },
	{ "peek-and-truncate", "a short buffer: bytes wait, a message loses some",
	  demo_peek_and_truncate },
	{ "nonblocking-connect", "EINPROGRESS and a wait on TCP; no wait on unix",
	  demo_nonblocking_connect },
	{ "signals-and-sigpipe", "sending to a peer that is gone: EPIPE or SIGPIPE",
	  demo_signals_and_sigpipe },
	{ "fork-inherits", "two processes share one listening socket", demo_fork_inherits },
	{ "promises", "what each lane promises: a table, found by trying", demo_promises },
	{ "lanes", "a message and a burst over each lane, timed", demo_lanes },
	{ "hmac-challenge", "a secret is proven by an HMAC, and is never sent",
	  demo_hmac_challenge },
	{ "proof-relay", "a relayed proof works; a service name stops it", demo_proof_relay },
	{ "proof-mutual", "both sides prove it; a recorded proof is worthless", demo_proof_mutual },
	{ NULL, NULL, NULL },
};
