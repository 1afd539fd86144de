#include "net/client.h"

#include "base/clock.h"
#include "base/random.h"
#include "net/record.h"
#include "net/sock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* For the whole proof, from the connection on. */
#define PROOF_TIME (5 * NSEC_PER_SEC)

/* No flight is longer; a record that is shows its length by not fitting. */
#define FLIGHT 128

static int fail(const struct client *client, enum status status, const char *why,
		struct error *error)
{
	char text[ENDPOINT_TEXT];
	return error_set(error, status, "connect %s: %s", endpoint_format(&client->endpoint, text),
			 why);
}

static int check_server(const struct client *client, const struct client_options *options,
			struct error *error)
{
	const struct family *family = client->endpoint.family;
	struct identity who;
	char text[ENDPOINT_TEXT];
	if (!options->server_uid)
		return 0;
	endpoint_format(&client->endpoint, text);
	if (!family->identify || !client->endpoint.kind->connected ||
	    family->identify(client->fd, &who) == -1)
		return error_set(error, STATUS_USAGE,
				 "connect %s: --server-uid: nobody vouches for who serves there",
				 text);
	if (who.uid != *options->server_uid)
		return error_set(error, STATUS_PROTOCOL,
				 "connect %s: its server is user %ld, not %ld", text, (long)who.uid,
				 (long)*options->server_uid);
	return 0;
}

/* Receives at most what the proof still needs: what comes after it is the echo's. */
static int receive_flight(const struct client *client, const struct proof *proof, int64_t until,
			  int stop, unsigned char bytes[FLIGHT], size_t *length,
			  struct error *error)
{
	const struct kind *kind = client->endpoint.kind;
	size_t room = kind->records ? FLIGHT : proof_missing(proof);
	for (;;) {
		switch (record_receive(client->fd, kind, bytes, room, length)) {
		case RECORD_MESSAGE:
			return 0;
		case RECORD_END:
			return fail(client, STATUS_PROTOCOL, proof_ended(proof), error);
		case RECORD_TOO_LONG:
			return fail(client, STATUS_PROTOCOL,
				    "a record of another length than the proof's", error);
		case RECORD_BROKEN:
			return fail(client, STATUS_PROTOCOL,
				    errno == ECONNRESET ? proof_ended(proof) : strerror(errno),
				    error);
		case RECORD_NONE:
			break;
		}
		int ready = sock_wait(client->fd, POLLIN, until, stop);
		if (ready == 0)
			return fail(client, STATUS_TIMED_OUT, "no proof within 5 s", error);
		if (ready == -1)
			return fail(client, errno == ECANCELED ? STATUS_BAD : STATUS_SYSTEM,
				    strerror(errno), error);
	}
}

static int prove(const struct client *client, const struct client_options *options,
		 struct proof *proof, struct error *error)
{
	unsigned char bytes[FLIGHT], nonce[PROOF_NONCE];
	int64_t until = clock_now() + PROOF_TIME;
	int random = random_open(error);
	if (random == -1)
		return -1;
	int result = random_bytes(random, nonce, sizeof(nonce));
	close(random);
	if (result == -1)
		return error_system(error, STATUS_SYSTEM, errno, "/dev/urandom");
	proof_dial(proof, options->keys, client->endpoint.kind->records, nonce);
	for (;;) {
		size_t length;
		if (receive_flight(client, proof, until, options->stop, bytes, &length, error) ==
		    -1)
			return -1;
		struct proof_step step = proof_received(proof, bytes, length);
		if (step.verdict == PROOF_REFUSED)
			return fail(client, STATUS_PROTOCOL, step.reason, error);
		/* an empty socket's buffer takes a flight whole */
		if (step.length > 0 &&
		    send(client->fd, step.reply, step.length, MSG_NOSIGNAL) != (ssize_t)step.length)
			return fail(client, STATUS_PROTOCOL,
				    "the connection broke within the proof", error);
		if (step.verdict == PROOF_DONE)
			return 0;
	}
}

static int meet(const struct client *client, const struct client_options *options,
		struct error *error)
{
	struct proof proof;
	if (check_server(client, options, error) == -1)
		return -1;
	if (!options->keys)
		return 0;
	int result = prove(client, options, &proof, error);
	proof_wipe(&proof);
	return result;
}

int client_open(struct client *client, const struct endpoint_list *list,
		const struct client_options *options, struct error *error)
{
	for (size_t i = 0; i < list->count; i++) {
		client->endpoint = list->items[i];
		client->fd = sock_connect(&client->endpoint, options->congestion, options->route,
					  options->timeout, options->stop, &client->claim, error);
		if (client->fd == -1)
			continue;
		if (meet(client, options, error) == 0)
			return 0;
		client_close(client);
		return -1; /* somebody is there: no other address is tried behind its back */
	}
	if (list->count > 1)
		error_append(error, " (the last of %zu addresses)", list->count);
	return -1;
}

void client_close(struct client *client)
{
	family_release(client->endpoint.family, client->claim);
	close(client->fd);
}

void client_abort(struct client *client)
{
	const struct linger at_once = { .l_onoff = 1 };
	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	client_close(client);
}
