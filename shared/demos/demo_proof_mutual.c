#include "demos/demos.h"

#include "demos/flight.h"
#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

static const char our_secret[] = "correct horse battery staple 123";
static const char another_secret[] = "correct horse battery staple 122";

struct sides {
	struct proof_secret ours, others;
};

/* How it ended for either side, and what was on the wire. */
struct outcome {
	struct proof_step client, server;
	unsigned char challenge[PROOF_NONCE], claim[FLIGHT_MOST], answer[1 + SHA256_DIGEST];
	ssize_t said; /* by the server at the end, in bytes; 0: nothing */
};

static bool make_keys(struct narrator *narrator, struct sides *sides)
{
	struct error error;
	if (proof_secret_make(&sides->ours, PROOF_MUTUAL, our_secret, strlen(our_secret), "echo",
			      &error) == 0 &&
	    proof_secret_make(&sides->others, PROOF_MUTUAL, another_secret, strlen(another_secret),
			      "echo", &error) == 0)
		return true;
	return demo_claim(narrator, false, "keys can be made: %s", error.text);
}

/* The whole proof on a connection: each side has its keys, and random bytes of its own. */
static bool meet(struct narrator *narrator, const struct proof_secret *client_keys,
		 const struct proof_secret *server_keys, struct outcome *outcome)
{
	unsigned char nonces[2][PROOF_NONCE];
	struct proof client, server;
	struct demo_pair pair;
	if (!flight_random(narrator, nonces, sizeof(nonces)) ||
	    !demo_pair_unix(narrator, SOCK_STREAM, &pair))
		return false;
	outcome->server = proof_serve(&server, server_keys, false, nonces[0]);
	memcpy(outcome->challenge, outcome->server.reply, sizeof(outcome->challenge));
	flight_send(pair.server, &outcome->server);

	proof_dial(&client, client_keys, false, nonces[1]);
	outcome->client = flight_receive(pair.client, &client);
	if (outcome->client.length == sizeof(outcome->claim))
		memcpy(outcome->claim, outcome->client.reply, sizeof(outcome->claim));
	flight_send(pair.client, &outcome->client);

	outcome->server = flight_receive(pair.server, &server);
	if (outcome->server.length == sizeof(outcome->answer))
		memcpy(outcome->answer, outcome->server.reply, sizeof(outcome->answer));
	flight_send(pair.server, &outcome->server);

	unsigned char waiting[2 * FLIGHT_MOST];
	outcome->said = demo_receive(pair.client, waiting, sizeof(waiting), MSG_PEEK);
	outcome->client = flight_receive(pair.client, &client);
	demo_pair_close(&pair);
	proof_wipe(&client);
	proof_wipe(&server);
	return true;
}

static void try_right_key(struct narrator *narrator, const struct sides *sides,
			  struct outcome *outcome)
{
	char text[FLIGHT_TEXT];
	if (!meet(narrator, &sides->ours, &sides->ours, outcome))
		return;
	demo_show(narrator, "client                                    server");
	demo_show(narrator, "  | <--------- challenge, 32 bytes --------- |  %s",
		  flight_text(text, outcome->challenge, sizeof(outcome->challenge)));
	demo_show(narrator, "  | -- claim, 72: random bytes and a tag --> |  %s",
		  flight_text(text, outcome->claim, sizeof(outcome->claim)));
	demo_show(narrator, "  | <--------- answer, 33: a tag ----------- |  %s",
		  flight_text(text, outcome->answer, sizeof(outcome->answer)));
	demo_claim(narrator,
		   outcome->server.verdict == PROOF_DONE && outcome->client.verdict == PROOF_DONE,
		   "the same secret: each trusts the other; server: %s, client: %s",
		   flight_verdict(&outcome->server), flight_verdict(&outcome->client));
}

static void try_wrong_key(struct narrator *narrator, const struct sides *sides)
{
	struct outcome outcome = { .said = -1 };
	demo_say(narrator, "A client whose secret differs in a single bit makes another tag:");
	if (!meet(narrator, &sides->others, &sides->ours, &outcome))
		return;
	demo_claim(narrator, flight_rejected(&outcome.server), "the server refuses it: %s",
		   flight_verdict(&outcome.server));
	demo_claim(narrator, outcome.client.verdict == PROOF_REFUSED && outcome.said == 0,
		   "and does not say why: the client reads the end, after %zd bytes", outcome.said);
}

/* A server that does not hold the secret takes any claim, and makes up its answer. */
static void try_impostor(struct narrator *narrator, const struct sides *sides)
{
	unsigned char nonces[2][PROOF_NONCE], answer[1 + SHA256_DIGEST] = { 0 };
	struct proof client;
	struct demo_pair pair;
	demo_say(narrator,
		 "An impostor in the server's place takes any claim, and makes up an answer:");
	if (!flight_random(narrator, nonces, sizeof(nonces)) ||
	    !flight_random(narrator, answer + 1, SHA256_DIGEST) ||
	    !demo_pair_unix(narrator, SOCK_STREAM, &pair))
		return;
	proof_dial(&client, &sides->ours, false, nonces[1]);
	send(pair.server, nonces[0], sizeof(nonces[0]), MSG_NOSIGNAL);
	struct proof_step step = flight_receive(pair.client, &client);
	bool claimed = step.verdict == PROOF_MORE && step.length == FLIGHT_MOST;
	flight_send(pair.client, &step);
	send(pair.server, answer, sizeof(answer), MSG_NOSIGNAL);
	step = flight_receive(pair.client, &client);
	demo_claim(narrator, claimed && flight_rejected(&step), "the client refuses it: %s",
		   flight_verdict(&step));
	demo_pair_close(&pair);
	proof_wipe(&client);
}

/* Sends the recorded claim to a server whose challenge is NONCE. */
static struct proof_step replay(struct narrator *narrator, const struct sides *sides,
				const unsigned char *nonce, const struct outcome *recorded)
{
	struct proof server;
	struct demo_pair pair;
	struct proof_step step = { .verdict = PROOF_MORE };
	if (!demo_pair_unix(narrator, SOCK_STREAM, &pair))
		return step;
	step = proof_serve(&server, &sides->ours, false, nonce);
	flight_send(pair.server, &step);
	send(pair.client, recorded->claim, sizeof(recorded->claim), MSG_NOSIGNAL);
	step = flight_receive(pair.server, &server);
	demo_pair_close(&pair);
	proof_wipe(&server);
	return step;
}

static void try_replay(struct narrator *narrator, const struct sides *sides,
		       const struct outcome *recorded)
{
	unsigned char nonce[PROOF_NONCE];
	demo_say(narrator,
		 "The first client's claim was recorded, all 72 bytes, and is sent again:");
	if (!flight_random(narrator, nonce, sizeof(nonce)))
		return;
	struct proof_step again = replay(narrator, sides, nonce, recorded);
	demo_claim(narrator, flight_rejected(&again), "it does not answer a new challenge: %s",
		   flight_verdict(&again));
	again = replay(narrator, sides, recorded->challenge, recorded);
	demo_claim(narrator, again.verdict == PROOF_DONE,
		   "only a server that used a challenge twice would accept it: %s",
		   flight_verdict(&again));
}

void demo_proof_mutual(struct narrator *narrator)
{
	struct sides sides;
	struct outcome first = { .said = -1 };
	demo_say(narrator,
		 "Two sides hold a secret, and neither sends it. Each contributes 32 random bytes "
		 "and sends a tag: the HMAC-SHA256 of all that was said so far, under a key made "
		 "from the secret, one for each side. The other side checks it.");
	if (!make_keys(narrator, &sides))
		return;
	try_right_key(narrator, &sides, &first);
	try_wrong_key(narrator, &sides);
	try_impostor(narrator, &sides);
	try_replay(narrator, &sides, &first);
	demo_say(narrator, "This proves who is there at the start. The bytes that follow are as "
			   "open as ever: to hide or protect them takes TLS, ssh or the like.");
	proof_secret_wipe(&sides.ours);
	proof_secret_wipe(&sides.others);
}
