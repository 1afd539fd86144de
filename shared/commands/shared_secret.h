#ifndef COMMANDS_SHARED_SECRET_H
#define COMMANDS_SHARED_SECRET_H

#include "commands/options.h"
#include "protocol/proof.h"

/* --secret-file, --auth, --auth-name: the same for the server and for its clients. */
struct shared_secret {
	const char *file, *auth, *service;
	struct proof_secret keys;
};

/* clang-format off */
#define OPTIONS_SECRET(secret) \
	{ .name = "secret-file", .argument = "FILE", \
	  .help = "prove that both sides hold this secret; not for dgram", \
	  .take = take_text, .target = &(secret)->file }, \
	{ .name = "auth", .argument = "FORM", \
	  .help = "of the proof: mutual (default) or simple", \
	  .take = take_text, .target = &(secret)->auth }, \
	{ .name = "auth-name", .argument = "NAME", \
	  .help = "the service that the proof is for (default echo)", \
	  .take = take_text, .target = &(secret)->service }
/* clang-format on */

/*
 * Reads the secret, if one was named, and makes the keys; *KEYS becomes NULL if not. The file
 * must be regular and no link, root's or our own, closed to group and others (else
 * STATUS_NOT_PERMITTED), and there, with 16 to 4096 bytes (else STATUS_DATA). The secret
 * itself is wiped again.
 */
int shared_secret_load(struct shared_secret *secret, const struct proof_secret **keys,
		       struct error *error);
void shared_secret_forget(struct shared_secret *secret);

/* Is it for the proof that is refused without a word? */
bool shared_secret_is_simple(const struct shared_secret *secret);

/* A datagram has no connection to prove: STATUS_USAGE for such an endpoint with a secret. */
int shared_secret_check(const struct shared_secret *secret, const struct endpoint_list *list,
			struct error *error);

#endif
