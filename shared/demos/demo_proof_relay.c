#include "demos/flight.h"

#include <string.h>
#include <sys/socket.h>

static const char secret[] = "correct horse battery staple 123";

/* A client has dialled the middleman; the middleman has dialled the server. */
struct scene {
	struct flight_pair near; /* client and middleman: its end is the server's */
	struct flight_pair far;  /* middleman and server: its end is the client's */
	struct proof client, server;
	struct proof_step at_client, at_server;
};

static bool scene_open(struct narrator *narrator, struct scene *scene,
		       const struct proof_secret *client_keys,
		       const struct proof_secret *server_keys)
{
	unsigned char nonces[2][PROOF_NONCE];
	if (!flight_random(narrator, nonces, sizeof(nonces)) ||
	    !flight_pair_open(narrator, &scene->near))
		return false;
	if (!flight_pair_open(narrator, &scene->far)) {
		flight_pair_close(&scene->near);
		return false;
	}
	proof_dial(&scene->client, client_keys, false, nonces[0]);
	scene->at_server = proof_serve(&scene->server, server_keys, false, nonces[1]);
	return true;
}

static void scene_close(struct scene *scene)
{
	flight_pair_close(&scene->near);
	flight_pair_close(&scene->far);
	proof_wipe(&scene->client);
	proof_wipe(&scene->server);
}

/* All that the middleman does: it passes on what it gets. It holds no secret, and needs none. */
static ssize_t pass_on(int from, int to)
{
	unsigned char bytes[256];
	ssize_t count = recv(from, bytes, sizeof(bytes), 0);
	if (count > 0)
		send(to, bytes, (size_t)count, MSG_NOSIGNAL);
	return count;
}

/* The challenge comes to the client, and its claim goes to the server. */
static void relay(struct narrator *narrator, struct scene *scene)
{
	flight_send(scene->far.server, &scene->at_server);
	ssize_t challenge = pass_on(scene->far.client, scene->near.server);
	scene->at_client = flight_receive(scene->near.client, &scene->client);
	flight_send(scene->near.client, &scene->at_client);
	ssize_t claim = pass_on(scene->near.server, scene->far.client);
	scene->at_server = flight_receive(scene->far.server, &scene->server);
	flight_send(scene->far.server, &scene->at_server);
	demo_show(narrator, "client <--- %2zd --- middleman <--- %2zd --- server", challenge,
		  challenge);
	demo_show(narrator, "client ---- %2zd --> middleman ---- %2zd --> server: %s", claim, claim,
		  scene->at_server.verdict == PROOF_DONE ? "lets it in" : "refuses");
}

/* The server echoes for whoever is proven; the middleman asks in its own name. Was it served? */
static bool intrude(struct scene *scene, char reply[16])
{
	char message[16];
	send(scene->far.client, "my own", 6, MSG_NOSIGNAL);
	ssize_t count = scene->at_server.verdict == PROOF_DONE
				? recv(scene->far.server, message, sizeof(message), 0)
				: 0;
	if (count > 0)
		send(scene->far.server, message, (size_t)count, MSG_NOSIGNAL);
	memset(reply, 0, 16);
	return recv(scene->far.client, reply, 15, 0) == 6 && strcmp(reply, "my own") == 0;
}

static bool make_keys(struct narrator *narrator, struct proof_secret *keys, enum proof_form form,
		      const char *service)
{
	struct error error;
	if (proof_secret_make(keys, form, secret, strlen(secret), service, &error) == 0)
		return true;
	return demo_claim(narrator, false, "keys can be made: %s", error.text);
}

static void try_simple(struct narrator *narrator)
{
	struct proof_secret keys;
	struct scene scene;
	char reply[16];
	demo_say(narrator, "simple: the server's 32 random bytes, and their HMAC from the client.");
	if (!make_keys(narrator, &keys, PROOF_SIMPLE, "") ||
	    !scene_open(narrator, &scene, &keys, &keys))
		return;
	relay(narrator, &scene);
	bool served = intrude(&scene, reply);
	demo_claim(narrator, served,
		   "the middleman is let in without the secret: its message comes back: \"%s\"",
		   reply);
	demo_claim(narrator, scene.at_client.verdict == PROOF_DONE,
		   "and the client saw nothing wrong, for the server need prove nothing: %s",
		   flight_verdict(&scene.at_client));
	scene_close(&scene);
	proof_secret_wipe(&keys);
}

static void try_mutual(struct narrator *narrator)
{
	struct proof_secret shop, bank;
	struct scene scene;
	char reply[16];
	demo_say(narrator,
		 "mutual: the tag covers the name of the service as well. The client means");
	demo_say(narrator,
		 "\"shop\", where the middleman works; the server is \"bank\", with the same");
	demo_say(narrator, "secret.");
	if (!make_keys(narrator, &shop, PROOF_MUTUAL, "shop") ||
	    !make_keys(narrator, &bank, PROOF_MUTUAL, "bank") ||
	    !scene_open(narrator, &scene, &shop, &bank))
		return;
	relay(narrator, &scene);
	bool served = intrude(&scene, reply);
	demo_claim(narrator, flight_rejected(&scene.at_server) && !served,
		   "the same relay fails: %s", flight_verdict(&scene.at_server));
	pass_on(scene.far.client, scene.near.server);
	flight_pair_close(&scene.far);
	flight_send(scene.near.server, &scene.at_server);
	scene.at_client = flight_receive(scene.near.client, &scene.client);
	demo_claim(narrator, scene.at_client.verdict == PROOF_REFUSED,
		   "and so does the client's side: %s", flight_verdict(&scene.at_client));
	scene_close(&scene);
	proof_secret_wipe(&shop);
	proof_secret_wipe(&bank);
}

static void try_same_name(struct narrator *narrator)
{
	struct proof_secret keys;
	struct scene scene;
	char reply[16];
	demo_say(narrator,
		 "The limit: if both mean the same service, each proof is what it claims to");
	demo_say(narrator, "be, and who sits between them can go on in the client's name.");
	if (!make_keys(narrator, &keys, PROOF_MUTUAL, "bank") ||
	    !scene_open(narrator, &scene, &keys, &keys))
		return;
	relay(narrator, &scene);
	pass_on(scene.far.client, scene.near.server);
	scene.at_client = flight_receive(scene.near.client, &scene.client);
	bool served = intrude(&scene, reply);
	demo_claim(narrator, scene.at_client.verdict == PROOF_DONE && served,
		   "client: %s, server: %s; and the middleman's message comes back: \"%s\"",
		   flight_verdict(&scene.at_client), flight_verdict(&scene.at_server), reply);
	scene_close(&scene);
	proof_secret_wipe(&keys);
}

static void run(struct narrator *narrator)
{
	demo_say(narrator,
		 "A client dials somebody who is not who it thinks: a middleman, who at once");
	demo_say(narrator, "dials the real server and passes on what each side says.");
	try_simple(narrator);
	try_mutual(narrator);
	try_same_name(narrator);
	demo_say(narrator,
		 "So: a name for each service; and where somebody may sit on the way itself,");
	demo_say(narrator, "every byte must be protected, not the first ones alone: TLS, ssh.");
}

const struct demo demo_proof_relay = {
	.name = "proof-relay",
	.summary = "a middleman passes a challenge on; a service name stops it",
	.run = run,
};
