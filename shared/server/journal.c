#include "server/journal.h"

#include "server/peer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int journal_open(struct journal *journal, const struct service *service, const struct endpoint *at,
		 int fd, const struct sockaddr_storage *peer, socklen_t length)
{
	char text[PEER_TEXT];
	if (!service->options->observer)
		return 0;
	journal->peer = strdup(peer_describe(at, fd, peer, length, text));
	return journal->peer ? 0 : -1;
}

void journal_refused(struct service *service, const struct endpoint *at, int fd,
		     const struct sockaddr_storage *peer, socklen_t length, const char *reason)
{
	const struct server_observer *observer = service->options->observer;
	char text[PEER_TEXT];
	service->totals.connections++;
	if (!observer)
		return;
	observer->connected(peer_describe(at, fd, peer, length, text));
	observer->closed(text, 0, reason);
}

int journal_connected(struct journal *journal, struct service *service,
		      const struct proxy_source *source, const struct kind *kind)
{
	char text[ENDPOINT_TEXT];
	if (journal->peer && source && peer_behind_proxy(source, kind, text)) {
		char *behind = strdup(text);
		if (!behind)
			return -1;
		free(journal->peer);
		journal->peer = behind;
	}
	journal->connected = true;
	service->totals.connections++;
	if (journal->peer)
		service->options->observer->connected(journal->peer);
	return 0;
}

void journal_no_event(struct journal *journal)
{
	journal->no_event = true;
}

/* "not JSON" is the only rule that a peer can break so far. */
const char *journal_explain(struct journal *journal, const struct step *step)
{
	if (!journal->peer || step->verdict != STEP_BROKEN)
		return step->reason;
	size_t room = strlen(step->reason) + 60;
	journal->explanation = malloc(room);
	if (!journal->explanation)
		return step->reason;
	snprintf(journal->explanation, room, "not JSON at offset %" PRIu64 ": %s", step->offset,
		 step->reason);
	return journal->explanation;
}

void journal_close(struct journal *journal, struct service *service, uint64_t bytes,
		   const char *reason)
{
	if (!journal->connected && !journal->no_event)
		journal_connected(journal, service, NULL, NULL);
	if (journal->peer && !journal->no_event)
		service->options->observer->closed(journal->peer, bytes, reason);
	journal_free(journal);
}

void journal_free(struct journal *journal)
{
	free(journal->peer);
	free(journal->explanation);
}
