#include "demos/demos.h"

#include "demos/flight.h"
#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

static const char secret[] = "correct horse battery staple 123";

/* A client has dialled the middleman; the middleman has dialled the server. */
struct scene {
	struct demo_pair near; /* client and middleman, who holds the server's end */
	struct demo_pair far;  /* middleman, who holds the client's end, and server */
	struct proof client, server;
	struct proof_step at_client, at_server;
};

static bool scene_open(struct narrator *narrator, struct scene *scene,
		       const struct proof_secret *client_keys,
		       const struct proof_secret *server_keys)
{
	unsigned char nonces[2][PROOF_NONCE];
	if (!flight_random(narrator, nonces, sizeof(nonces)) ||
	    !demo_pair_unix(narrator, SOCK_STREAM, &scene->near))
		return false;
	if (!demo_pair_unix(narrator, SOCK_STREAM, &scene->far)) {
		demo_pair_close(&scene->near);
		return false;
	}
	proof_dial(&scene->client, client_keys, false, nonces[0]);
	scene->at_server = proof_serve(&scene->server, server_keys, false, nonces[1]);
	return true;
}

static void scene_close(struct scene *scene)
{
	demo_pair_close(&scene->near);
	demo_pair_close(&scene->far);
	proof_wipe(&scene->client);
	proof_wipe(&scene->server);
}

/* All that the middleman does: it passes on what it gets. It holds no secret, and needs none. */
static ssize_t pass_on(int from, int to)
{
	unsigned char bytes[256];
	ssize_t count = demo_receive(from, bytes, sizeof(bytes), 0);
	if (count > 0)
		send(to, bytes, (size_t)count, MSG_NOSIGNAL);
	return count;
}

/* The challenge reaches the client, and its claim the server, through the middleman. */
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

/* The server echoes for whoever it has let in; the middleman asks for itself. Was it served? */
static bool intrude(struct scene *scene, char reply[16])
{
	char message[16];
	send(scene->far.client, "my own", 6, MSG_NOSIGNAL);
	ssize_t count = scene->at_server.verdict == PROOF_DONE
				? demo_receive(scene->far.server, message, sizeof(message), 0)
				: 0;
	if (count > 0)
		send(scene->far.server, message, (size_t)count, MSG_NOSIGNAL);
	memset(reply, 0, 16);
	return demo_receive(scene->far.client, reply, 15, 0) == 6 && strcmp(reply, "my own") == 0;
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
		   "the middleman is let in without the secret; its message comes back: \"%s\"",
		   reply);
	demo_claim(narrator, scene.at_client.verdict == PROOF_DONE,
		   "and the client sees nothing wrong, for the server need not prove anything: %s",
		   flight_verdict(&scene.at_client));
	scene_close(&scene);
	proof_secret_wipe(&keys);
}

static void try_mutual(struct narrator *narrator)
{
	struct proof_secret shop, bank;
	struct scene scene;
	char reply[16];
	demo_say(narrator, "mutual: the tag covers the name of the service as well. The client "
			   "wants \"shop\", where the middleman sits; the server is \"bank\". Both "
			   "have the same secret.");
	if (!make_keys(narrator, &shop, PROOF_MUTUAL, "shop") ||
	    !make_keys(narrator, &bank, PROOF_MUTUAL, "bank") ||
	    !scene_open(narrator, &scene, &shop, &bank))
		return;
	relay(narrator, &scene);
	bool served = intrude(&scene, reply);
	demo_claim(narrator, flight_rejected(&scene.at_server) && !served,
		   "the same relay fails: %s", flight_verdict(&scene.at_server));
	ssize_t last = pass_on(scene.far.client, scene.near.server);
	demo_claim(narrator, last == 0,
		   "the server says no more, and the middleman reads its end: recv() = %zd", last);
	demo_pair_close(&scene.far);
	flight_send(scene.near.server, &scene.at_server);
	scene.at_client = flight_receive(scene.near.client, &scene.client);
	demo_claim(narrator, scene.at_client.verdict == PROOF_REFUSED,
		   "and the client is not fooled either: %s", flight_verdict(&scene.at_client));
	scene_close(&scene);
	proof_secret_wipe(&shop);
	proof_secret_wipe(&bank);
}

static void try_same_name(struct narrator *narrator)
{
	struct proof_secret keys;
	struct scene scene;
	char reply[16];
	demo_say(narrator, "The limit: if both mean the same service, each proof is genuine, and a "
			   "middleman between them can carry on in the client's name.");
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

void demo_proof_relay(struct narrator *narrator)
{
	demo_say(narrator, "A client dials a server that is not what it seems: a middleman, who at "
			   "once dials the real server, and passes on what each side says.");
	try_simple(narrator);
	try_mutual(narrator);
	try_same_name(narrator);
	demo_say(narrator,
		 "So give each service a name of its own; and where somebody may sit on the way "
		 "itself, protect every byte, not just the first ones: TLS, ssh.");
}
