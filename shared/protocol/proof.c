#include "protocol/proof.h"

#include <string.h>

#define CLIENT_LABEL "sockfam-auth/1 key client-to-server"
#define SERVER_LABEL "sockfam-auth/1 key server-to-client"

/*
 * A client with PROOF_SIMPLE signs whatever 32 bytes it is sent, with the very secret that the
 * keys of PROOF_MUTUAL come from. A label of that length could be sent as a challenge, and a
 * key would come back.
 */
_Static_assert(sizeof(CLIENT_LABEL) - 1 != PROOF_NONCE, "a challenge could be the client's label");
_Static_assert(sizeof(SERVER_LABEL) - 1 != PROOF_NONCE, "a challenge could be the server's label");

static const char context[] = "sockfam-auth/1"; /* its NUL is part of what is signed */
static const unsigned char header[8] = { 'S', 'F', 'E', 'C', 'H', 'O', 1, 0 };

enum {
	LONGEST_SERVICE = 0xffff,
	TAG = sizeof(header) + PROOF_NONCE, /* where it stands in a claim */
	CLAIM = TAG + SHA256_DIGEST,
	ANSWER = 1 + SHA256_DIGEST,
};
_Static_assert(CLAIM == sizeof(((struct proof *)0)->claim), "a claim fills its place");
_Static_assert(ANSWER == sizeof(((struct proof *)0)->answer), "an answer fills its place");

/* What is awaited. */
enum flight { CHALLENGE_FLIGHT, CLAIM_FLIGHT, ANSWER_FLIGHT, NONE_DONE, NONE_REFUSED };

/* The beginning of a transcript is the same in every connection, so it is fed but once. */
static void start_tag(struct hmac_sha256 *tag, const void *secret, size_t length, const char *label,
		      const char *service)
{
	unsigned char key[SHA256_DIGEST];
	size_t name = strlen(service);
	unsigned char name_length[2] = { (unsigned char)(name >> 8), (unsigned char)name };
	hmac_sha256_start(tag, secret, length);
	hmac_sha256_feed(tag, label, strlen(label));
	hmac_sha256_finish(tag, key);
	hmac_sha256_start(tag, key, sizeof(key));
	hmac_sha256_feed(tag, context, sizeof(context));
	hmac_sha256_feed(tag, header, sizeof(header));
	hmac_sha256_feed(tag, name_length, sizeof(name_length));
	hmac_sha256_feed(tag, service, name);
	secret_wipe(key, sizeof(key));
}

int proof_secret_make(struct proof_secret *keys, enum proof_form form, const void *secret,
		      size_t length, const char *service, struct error *error)
{
	memset(keys, 0, sizeof(*keys));
	keys->form = form;
	if (form == PROOF_SIMPLE) {
		hmac_sha256_start(&keys->client, secret, length);
		return 0;
	}
	if (strlen(service) > LONGEST_SERVICE)
		return error_set(error, STATUS_USAGE,
				 "the name of the service is longer than %d bytes",
				 LONGEST_SERVICE);
	start_tag(&keys->client, secret, length, CLIENT_LABEL, service);
	start_tag(&keys->server, secret, length, SERVER_LABEL, service);
	return 0;
}

void proof_secret_wipe(struct proof_secret *keys)
{
	secret_wipe(keys, sizeof(*keys));
}

static void client_tag(const struct proof *proof, unsigned char tag[SHA256_DIGEST])
{
	struct hmac_sha256 hmac = proof->keys->client;
	hmac_sha256_feed(&hmac, proof->challenge, PROOF_NONCE);
	if (proof->keys->form == PROOF_MUTUAL)
		hmac_sha256_feed(&hmac, proof->claim + sizeof(header), PROOF_NONCE);
	hmac_sha256_finish(&hmac, tag);
}

static void server_tag(const struct proof *proof, unsigned char tag[SHA256_DIGEST])
{
	struct hmac_sha256 hmac = proof->keys->server;
	hmac_sha256_feed(&hmac, proof->challenge, PROOF_NONCE);
	hmac_sha256_feed(&hmac, proof->claim + sizeof(header), PROOF_NONCE + SHA256_DIGEST);
	hmac_sha256_finish(&hmac, tag);
}

static bool is_tag(const struct proof *proof, const unsigned char *tag,
		   void (*right)(const struct proof *proof, unsigned char tag[SHA256_DIGEST]))
{
	unsigned char wanted[SHA256_DIGEST];
	right(proof, wanted);
	bool equal = secret_equal(tag, wanted, sizeof(wanted));
	secret_wipe(wanted, sizeof(wanted));
	return equal;
}

struct proof_step proof_serve(struct proof *proof, const struct proof_secret *keys, bool record,
			      const unsigned char nonce[PROOF_NONCE])
{
	*proof = (struct proof){
		.keys = keys, .server = true, .record = record, .awaits = CLAIM_FLIGHT
	};
	memcpy(proof->challenge, nonce, PROOF_NONCE);
	return (struct proof_step){ .verdict = PROOF_MORE,
				    .reply = proof->challenge,
				    .length = PROOF_NONCE };
}

void proof_dial(struct proof *proof, const struct proof_secret *keys, bool record,
		const unsigned char *nonce)
{
	*proof = (struct proof){ .keys = keys, .record = record, .awaits = CHALLENGE_FLIGHT };
	if (keys->form == PROOF_SIMPLE)
		return;
	memcpy(proof->claim, header, sizeof(header));
	memcpy(proof->claim + sizeof(header), nonce, PROOF_NONCE);
}

static struct proof_step done(struct proof *proof, const unsigned char *reply, size_t length)
{
	proof->awaits = NONE_DONE;
	return (struct proof_step){ .verdict = PROOF_DONE, .reply = reply, .length = length };
}

static struct proof_step refused(struct proof *proof, const char *reason)
{
	proof_wipe(proof);
	return (struct proof_step){ .verdict = PROOF_REFUSED, .reason = reason };
}

/* The client has the challenge. */
static struct proof_step on_challenge(struct proof *proof)
{
	if (proof->keys->form == PROOF_SIMPLE) {
		client_tag(proof, proof->claim);
		return done(proof, proof->claim, SHA256_DIGEST);
	}
	client_tag(proof, proof->claim + TAG);
	proof->awaits = ANSWER_FLIGHT;
	return (struct proof_step){ .verdict = PROOF_MORE, .reply = proof->claim, .length = CLAIM };
}

/* The server has the client's claim. */
static struct proof_step on_claim(struct proof *proof)
{
	bool simple = proof->keys->form == PROOF_SIMPLE;
	if (!is_tag(proof, proof->claim + (simple ? 0 : TAG), client_tag))
		return refused(proof,
			       simple ? "the digest is wrong: another secret"
				      : "the client's tag is wrong: another secret or service");
	if (simple)
		return done(proof, NULL, 0);
	proof->answer[0] = 0;
	server_tag(proof, proof->answer + 1);
	return done(proof, proof->answer, ANSWER);
}

/* The client has the server's answer. */
static struct proof_step on_answer(struct proof *proof)
{
	if (!is_tag(proof, proof->answer + 1, server_tag))
		return refused(proof, "the server's tag is wrong: another secret or service");
	return done(proof, NULL, 0);
}

static struct proof_step on_flight(struct proof *proof)
{
	proof->length = 0;
	switch (proof->awaits) {
	case CHALLENGE_FLIGHT:
		return on_challenge(proof);
	case CLAIM_FLIGHT:
		return on_claim(proof);
	default:
		return on_answer(proof);
	}
}

/* Where the flight that is awaited goes, and how long it is. */
static unsigned char *place(struct proof *proof, size_t *length)
{
	switch (proof->awaits) {
	case CHALLENGE_FLIGHT:
		*length = PROOF_NONCE;
		return proof->challenge;
	case CLAIM_FLIGHT:
		*length = proof->keys->form == PROOF_SIMPLE ? SHA256_DIGEST : CLAIM;
		return proof->claim;
	default:
		*length = ANSWER;
		return proof->answer;
	}
}

size_t proof_missing(const struct proof *proof)
{
	if (proof->awaits == CHALLENGE_FLIGHT)
		return PROOF_NONCE - proof->length;
	if (proof->awaits == ANSWER_FLIGHT)
		return ANSWER - proof->length;
	if (proof->awaits == CLAIM_FLIGHT)
		return (proof->keys->form == PROOF_SIMPLE ? SHA256_DIGEST : CLAIM) - proof->length;
	return 0;
}

/* What has come of a flight may be wrong before it is whole. NULL: not yet. */
static const char *wrong_so_far(const struct proof *proof)
{
	size_t length = proof->length < sizeof(header) ? proof->length : sizeof(header);
	if (proof->awaits == CLAIM_FLIGHT && proof->keys->form == PROOF_MUTUAL &&
	    memcmp(proof->claim, header, length) != 0)
		return "not the header of a proof";
	if (proof->awaits == ANSWER_FLIGHT && length > 0 && proof->answer[0] != 0)
		return "not the server's answer to a proof";
	return NULL;
}

static struct proof_step receive(struct proof *proof, const unsigned char *bytes, size_t length)
{
	size_t flight;
	unsigned char *here = place(proof, &flight);
	if (proof->record && length != flight)
		return refused(proof, "a record of another length than the proof's");
	size_t missing = flight - proof->length;
	size_t part = length < missing ? length : missing;
	if (part > 0)
		memcpy(here + proof->length, bytes, part);
	proof->length = (unsigned char)(proof->length + part);
	const char *wrong = wrong_so_far(proof);
	struct proof_step step = { .verdict = PROOF_MORE };
	if (wrong)
		step = refused(proof, wrong);
	else if (part == missing)
		step = on_flight(proof);
	step.used = part;
	return step;
}

struct proof_step proof_received(struct proof *proof, const void *bytes, size_t length)
{
	if (proof->awaits == NONE_DONE)
		return (struct proof_step){ .verdict = PROOF_DONE };
	if (proof->awaits == NONE_REFUSED)
		return refused(proof, "it was refused before");
	struct proof_step step = receive(proof, bytes, length);
	/* It can't be the answer: the claim has not left yet. */
	if (step.verdict == PROOF_MORE && step.used < length)
		return refused(proof, "the server went on before it had the proof");
	return step;
}

const char *proof_ended(const struct proof *proof)
{
	switch (proof->awaits) {
	case CHALLENGE_FLIGHT:
		return "it ended before its challenge: perhaps it asks for no proof";
	case CLAIM_FLIGHT:
		return "it ended before its proof";
	case ANSWER_FLIGHT:
		return "it ended without an answer: it refuses the proof";
	default:
		return "it ended after the proof";
	}
}

void proof_wipe(struct proof *proof)
{
	secret_wipe(proof, sizeof(*proof));
	proof->awaits = NONE_REFUSED;
}
