#include "protocol/proof.h"

#include "check.h"
#include "data.h"

#include <string.h>

static const char secret[] = "correct horse battery staple 123";
static const char long_name[] = "a much longer service name than usual, to move the block boundary";

enum { CLAIM = 72, ANSWER = 33 };

static unsigned char server_nonce[PROOF_NONCE], client_nonce[PROOF_NONCE];
static struct proof_secret echo_keys, long_keys, other_keys, stranger_keys, simple_keys;

static bool is_hex(const unsigned char *bytes, const char *hex)
{
	unsigned char wanted[SHA256_DIGEST];
	return data_hex(hex, wanted, sizeof(wanted)) == SHA256_DIGEST &&
	       memcmp(bytes, wanted, sizeof(wanted)) == 0;
}

static void make(struct proof_secret *keys, enum proof_form form, const char *text,
		 const char *service)
{
	struct error error;
	if (proof_secret_make(keys, form, text, strlen(text), service, &error) == -1)
		check(false, "%s", error.text);
}

static void prepare(void)
{
	for (unsigned i = 0; i < PROOF_NONCE; i++) {
		server_nonce[i] = (unsigned char)i;
		client_nonce[i] = (unsigned char)(0x80 + i);
	}
	make(&echo_keys, PROOF_MUTUAL, secret, "echo");
	make(&long_keys, PROOF_MUTUAL, secret, long_name);
	make(&other_keys, PROOF_MUTUAL, secret, "echp");
	make(&stranger_keys, PROOF_MUTUAL, "correct horse battery staple 124", "echo");
	make(&simple_keys, PROOF_SIMPLE, secret, "echo");
}

/* The claim that a client with KEYS makes to CHALLENGE. */
static void claim_to(struct proof *client, const struct proof_secret *keys,
		     const unsigned char *challenge, unsigned char claim[CLAIM])
{
	proof_dial(client, keys, false, client_nonce);
	struct proof_step step = proof_received(client, challenge, PROOF_NONCE);
	memcpy(claim, step.reply, step.length);
}

static void test_vectors(const struct proof_secret *keys, const char *name, const char *client_tag,
			 const char *server_tag)
{
	struct proof server, client;
	struct proof_step step = proof_serve(&server, keys, false, server_nonce);
	check(step.verdict == PROOF_MORE && step.length == PROOF_NONCE &&
		      memcmp(step.reply, server_nonce, PROOF_NONCE) == 0,
	      "%s: the challenge", name);

	proof_dial(&client, keys, false, client_nonce);
	step = proof_received(&client, step.reply, step.length);
	check(step.verdict == PROOF_MORE && step.used == PROOF_NONCE && step.length == CLAIM &&
		      memcmp(step.reply, "SFECHO\1\0", 8) == 0 &&
		      memcmp(step.reply + 8, client_nonce, PROOF_NONCE) == 0 &&
		      is_hex(step.reply + 40, client_tag),
	      "the claim, with the client's tag");

	step = proof_received(&server, step.reply, step.length);
	check(step.verdict == PROOF_DONE && step.used == CLAIM && step.length == ANSWER &&
		      step.reply[0] == 0 && is_hex(step.reply + 1, server_tag),
	      "the answer, with the server's tag");

	step = proof_received(&client, step.reply, step.length);
	check(step.verdict == PROOF_DONE && step.used == ANSWER && step.length == 0,
	      "which the client takes");
	step = proof_received(&client, "payload", 7);
	check(step.verdict == PROOF_DONE && step.used == 0, "and what follows is not part of it");
}

static void test_simple(void)
{
	struct proof server, client;
	unsigned char bytes[PROOF_NONCE + 5];
	proof_dial(&client, &simple_keys, false, NULL);
	memcpy(bytes, server_nonce, PROOF_NONCE);
	struct proof_step step = proof_received(&client, bytes, sizeof(bytes));
	check(step.verdict == PROOF_DONE && step.used == PROOF_NONCE &&
		      step.length == SHA256_DIGEST &&
		      is_hex(step.reply,
			     "d039f4abfebccfe74d9fa0ac676165cd3cc305252ee08037e2e85455cdb596eb"),
	      "simple: the digest; what follows the challenge is left");
	memcpy(bytes, step.reply, SHA256_DIGEST);
	memcpy(bytes + SHA256_DIGEST, "hello", 5);
	proof_serve(&server, &simple_keys, false, server_nonce);
	step = proof_received(&server, bytes, sizeof(bytes));
	check(step.verdict == PROOF_DONE && step.used == SHA256_DIGEST && step.length == 0,
	      "which the server takes without an answer; what follows it is left");
}

/*
 * Hands in BYTES, cut at FIRST and from there on in pieces of PIECE (0: not cut again),
 * until there is a verdict.
 */
static struct proof_step hand_in(struct proof *proof, const unsigned char *bytes, size_t length,
				 size_t first, size_t piece)
{
	size_t used = 0, end = first < length ? first : length;
	for (;;) {
		struct proof_step step = proof_received(proof, bytes + used, end - used);
		used += step.used;
		if (step.verdict != PROOF_MORE || end == length || step.length > 0) {
			step.used = used;
			return step;
		}
		end = piece > 0 && piece < length - end ? end + piece : length;
	}
}

static void test_cuts(const struct proof_secret *keys, const char *name, size_t claim_length)
{
	unsigned bad = 0;
	for (size_t piece = 0; piece < 3; piece++) {
		for (size_t cut = 0; cut <= CLAIM; cut++) {
			unsigned char bytes[CLAIM + 3];
			struct proof server, client;
			proof_serve(&server, keys, false, server_nonce);
			proof_dial(&client, keys, false, client_nonce);
			struct proof_step step =
				hand_in(&client, server_nonce, PROOF_NONCE, cut, piece);
			bad += step.used != PROOF_NONCE || step.length != claim_length;
			memcpy(bytes, step.reply, step.length);
			memcpy(bytes + step.length, "xyz", 3);
			step = hand_in(&server, bytes, claim_length + 3, cut, piece);
			bad += step.verdict != PROOF_DONE || step.used != claim_length;
			if (keys->form == PROOF_SIMPLE)
				continue;
			memcpy(bytes, step.reply, step.length);
			memcpy(bytes + step.length, "xyz", 3);
			step = hand_in(&client, bytes, ANSWER + 3, cut, piece);
			bad += step.verdict != PROOF_DONE || step.used != ANSWER;
		}
	}
	check(bad == 0, "%s: the same wherever it is cut, and what follows it is left (%u wrong)",
	      name, bad);
}

static bool server_refuses(const struct proof_secret *keys, const unsigned char *nonce,
			   const unsigned char *claim, size_t length)
{
	struct proof server;
	proof_serve(&server, keys, false, nonce);
	struct proof_step step = proof_received(&server, claim, length);
	struct proof_step again = proof_received(&server, claim, length);
	return step.verdict == PROOF_REFUSED && step.reason && step.length == 0 &&
	       again.verdict == PROOF_REFUSED && again.length == 0;
}

/* The client, in the middle of its proof, is a copy: each answer meets the same one. */
static bool client_refuses(struct proof client, const unsigned char *answer)
{
	struct proof_step step = proof_received(&client, answer, ANSWER);
	return step.verdict == PROOF_REFUSED && step.reason && step.length == 0;
}

static void test_flips(void)
{
	unsigned char claim[CLAIM], answer[ANSWER], nonce[PROOF_NONCE];
	struct proof server, client;
	unsigned bad = 0;
	claim_to(&client, &echo_keys, server_nonce, claim);
	proof_serve(&server, &echo_keys, false, server_nonce);
	memcpy(answer, proof_received(&server, claim, CLAIM).reply, ANSWER);
	for (unsigned bit = 0; bit < 8 * CLAIM; bit++) {
		claim[bit / 8] ^= (unsigned char)(1 << bit % 8);
		bad += !server_refuses(&echo_keys, server_nonce, claim, CLAIM);
		claim[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	check(bad == 0, "a claim with any one bit changed is refused (%u are not)", bad);
	for (unsigned bit = 0; bit < 8 * ANSWER; bit++) {
		answer[bit / 8] ^= (unsigned char)(1 << bit % 8);
		bad += !client_refuses(client, answer);
		answer[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	check(bad == 0 && !client_refuses(client, answer), "likewise an answer (%u are not)", bad);
	for (unsigned bit = 0; bit < 8 * PROOF_NONCE; bit++) {
		memcpy(nonce, server_nonce, PROOF_NONCE);
		nonce[bit / 8] ^= (unsigned char)(1 << bit % 8);
		bad += !server_refuses(&echo_keys, nonce, claim, CLAIM);
	}
	check(bad == 0,
	      "a claim to another challenge is refused: it cannot be replayed (%u are not)", bad);

	claim_to(&client, &simple_keys, server_nonce, claim);
	for (unsigned bit = 0; bit < 8 * SHA256_DIGEST; bit++) {
		claim[bit / 8] ^= (unsigned char)(1 << bit % 8);
		bad += !server_refuses(&simple_keys, server_nonce, claim, SHA256_DIGEST);
		claim[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	check(bad == 0 && !server_refuses(&simple_keys, server_nonce, claim, SHA256_DIGEST),
	      "simple: a digest with any one bit changed is refused (%u are not)", bad);
}

static void test_relay(void)
{
	unsigned char claim[CLAIM], answer[ANSWER], forged[CLAIM];
	struct proof server, client;
	claim_to(&client, &other_keys, server_nonce, claim);
	check(server_refuses(&echo_keys, server_nonce, claim, CLAIM),
	      "a claim relayed from another service");
	claim_to(&client, &stranger_keys, server_nonce, claim);
	check(server_refuses(&echo_keys, server_nonce, claim, CLAIM),
	      "a claim with another secret");
	claim_to(&client, &long_keys, server_nonce, claim);
	check(server_refuses(&echo_keys, server_nonce, claim, CLAIM), "a claim with a longer name");

	claim_to(&client, &echo_keys, server_nonce, claim);
	proof_serve(&server, &echo_keys, false, server_nonce);
	memcpy(answer, proof_received(&server, claim, CLAIM).reply, ANSWER);

	memcpy(forged, claim, 40);
	memcpy(forged + 40, answer + 1, SHA256_DIGEST);
	check(server_refuses(&echo_keys, server_nonce, forged, CLAIM),
	      "the server's own tag as the client's");
	answer[0] = 0;
	memcpy(answer + 1, claim + 40, SHA256_DIGEST);
	check(client_refuses(client, answer), "the client's own tag as the server's");

	proof_serve(&server, &echo_keys, false, server_nonce);
	memcpy(answer, proof_received(&server, claim, CLAIM).reply, ANSWER);
	client_nonce[0] ^= 1;
	claim_to(&client, &echo_keys, server_nonce, claim);
	client_nonce[0] ^= 1;
	check(client_refuses(client, answer), "an answer from another connection");

	/* lengths are signed: no end of a name can pass for the beginning of a nonce */
	static struct proof_secret shifted;
	make(&shifted, PROOF_MUTUAL, secret, "ech");
	claim_to(&client, &shifted, server_nonce, claim);
	check(server_refuses(&echo_keys, server_nonce, claim, CLAIM),
	      "a claim with a shorter name");
}

static void test_forms(void)
{
	unsigned char claim[CLAIM], wanted[SHA256_DIGEST];
	struct proof client;
	claim_to(&client, &simple_keys, server_nonce, claim);
	check(server_refuses(&echo_keys, server_nonce, claim, SHA256_DIGEST),
	      "no fallback: a mutual server refuses a simple client, at once");
	claim_to(&client, &echo_keys, server_nonce, claim);
	check(server_refuses(&simple_keys, server_nonce, claim, CLAIM),
	      "and a simple one a mutual client");

	/* a mutual client never sends what the secret itself would sign */
	struct hmac_sha256 hmac;
	hmac_sha256_start(&hmac, secret, strlen(secret));
	hmac_sha256_feed(&hmac, server_nonce, PROOF_NONCE);
	hmac_sha256_finish(&hmac, wanted);
	bool seen = false;
	for (size_t at = 0; at + SHA256_DIGEST <= CLAIM; at++)
		seen = seen || memcmp(claim + at, wanted, SHA256_DIGEST) == 0;
	check(!seen, "a mutual client signs no bare challenge");
}

/* What cannot become right is refused at the first byte that shows it. */
static void test_early(void)
{
	unsigned char claim[CLAIM], byte = 1;
	struct proof server, client;
	unsigned bad = 0;
	claim_to(&client, &echo_keys, server_nonce, claim);
	for (size_t at = 0; at < 8; at++) {
		claim[at] ^= 0x20;
		proof_serve(&server, &echo_keys, false, server_nonce);
		struct proof_step step = { PROOF_MORE, 0, NULL, 0, NULL };
		size_t i = 0;
		while (i < CLAIM && step.verdict == PROOF_MORE)
			step = proof_received(&server, claim + i++, 1);
		bad += step.verdict != PROOF_REFUSED || i != at + 1;
		claim[at] ^= 0x20;
	}
	check(bad == 0, "another header is refused at its first wrong byte (%u are not)", bad);
	struct proof_step step = proof_received(&client, &byte, 1);
	check(step.verdict == PROOF_REFUSED, "another answer likewise: %s", step.reason);

	unsigned char flood[PROOF_NONCE + ANSWER] = { 0 };
	for (size_t extra = 1; extra <= ANSWER; extra++) {
		proof_dial(&client, &echo_keys, false, client_nonce);
		step = proof_received(&client, flood, PROOF_NONCE + extra);
		bad += step.verdict != PROOF_REFUSED || step.length != 0;
	}
	check(bad == 0, "a server that does not wait for the claim is refused, and gets none: %s",
	      step.reason ? step.reason : "");
}

static void test_records(void)
{
	static unsigned char bytes[200];
	unsigned char claim[CLAIM], answer[ANSWER];
	struct proof server, client;
	struct proof_step step;
	unsigned bad = 0;
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		claim_to(&client, &echo_keys, server_nonce, claim);
		memcpy(bytes, claim, CLAIM);
		proof_serve(&server, &echo_keys, true, server_nonce);
		step = proof_received(&server, bytes, length);
		bad += step.verdict != (length == CLAIM ? PROOF_DONE : PROOF_REFUSED);
		if (length == CLAIM)
			memcpy(answer, step.reply, ANSWER);

		proof_dial(&client, &echo_keys, true, client_nonce);
		memcpy(bytes, server_nonce, PROOF_NONCE);
		step = proof_received(&client, bytes, length);
		bad += step.verdict != (length == PROOF_NONCE ? PROOF_MORE : PROOF_REFUSED);

		proof_serve(&server, &simple_keys, true, server_nonce);
		claim_to(&client, &simple_keys, server_nonce, bytes);
		step = proof_received(&server, bytes, length);
		bad += step.verdict != (length == SHA256_DIGEST ? PROOF_DONE : PROOF_REFUSED);
	}
	memcpy(bytes, answer, ANSWER);
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		proof_dial(&client, &echo_keys, true, client_nonce);
		proof_received(&client, server_nonce, PROOF_NONCE);
		step = proof_received(&client, bytes, length);
		bad += step.verdict != (length == ANSWER ? PROOF_DONE : PROOF_REFUSED);
	}
	check(bad == 0,
	      "a record of another length than its flight's is refused at once (%u are not)", bad);
}

static void test_ends(void)
{
	struct proof server, client;
	proof_serve(&server, &echo_keys, false, server_nonce);
	check(strstr(proof_ended(&server), "proof"), "the client ends early: %s",
	      proof_ended(&server));
	proof_dial(&client, &echo_keys, false, client_nonce);
	check(strstr(proof_ended(&client), "challenge"), "so does the server: %s",
	      proof_ended(&client));
	proof_received(&client, server_nonce, PROOF_NONCE);
	check(strstr(proof_ended(&client), "answer"), "after the claim: %s", proof_ended(&client));
	check(proof_received(&client, NULL, 0).verdict == PROOF_MORE, "nothing received is no end");
}

static void test_names(void)
{
	static char name[0xffff + 2];
	struct proof_secret keys;
	struct error error;
	memset(name, 'n', sizeof(name) - 2);
	check(proof_secret_make(&keys, PROOF_MUTUAL, secret, strlen(secret), name, &error) == 0,
	      "a name of 65535 bytes");
	name[0xffff] = 'n';
	check(proof_secret_make(&keys, PROOF_MUTUAL, secret, strlen(secret), name, &error) == -1 &&
		      error.status == STATUS_USAGE,
	      "and one more is too long");
	proof_secret_wipe(&keys);
}

int main(void)
{
	prepare();
	test_vectors(&echo_keys, "echo",
		     "abffd1232f14f448354b81fb87124fd2bcf76da6320ab4870632ab0a1a69c810",
		     "b3f7686eaf103e5e567d7b773d303e572ebe6d1d1e82254816494d2c943b9b82");
	test_vectors(&long_keys, long_name,
		     "e6c45c01d8c35a285ecb8b76f7ea282f746b4a9496d6d4d8d0b625db469a372f",
		     "e838674d24079938634c464ce5ba1cec9143fa8f4d7337e4c366a7f33e004179");
	test_simple();
	test_cuts(&echo_keys, "mutual", CLAIM);
	test_cuts(&simple_keys, "simple", SHA256_DIGEST);
	test_flips();
	test_relay();
	test_forms();
	test_early();
	test_records();
	test_ends();
	test_names();
	return check_done();
}
