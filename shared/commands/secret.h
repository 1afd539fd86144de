#ifndef COMMANDS_SECRET_H
#define COMMANDS_SECRET_H

#include "commands/options.h"
#include "protocol/proof.h"

/* --secret-file, --auth, --auth-name: the same for the server and for its clients. */
struct secret {
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
 * Reads the secret, if one was named, and makes the keys; *KEYS becomes NULL if not. The file must be
 * regular and no link, root's or our own, closed to group and others (else STATUS_NOT_PERMITTED), and
 * there, with 16 to 4096 bytes (else STATUS_DATA). The secret itself is wiped again.
 */
int secret_load(struct secret *secret, const struct proof_secret **keys, struct error *error);
void secret_forget(struct secret *secret);

/* A datagram has no connection to prove: STATUS_USAGE for an endpoint of that type with a secret. */
int secret_check(const struct secret *secret, const struct endpoint_list *list,
		 struct error *error);

#endif
