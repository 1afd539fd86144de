#include "server/journal.h"

#include "server/peer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void journal_open(struct journal *journal, const struct server_observer *observer,
		  const struct endpoint *at, int fd, const struct sockaddr_storage *peer,
		  socklen_t length)
{
	if (observer)
		journal->peer = peer_describe(at, fd, peer, length);
}

void journal_connected(struct journal *journal, struct service *service,
		       const struct proxy_source *source, const struct kind *kind)
{
	journal->connected = true;
	service->totals.connections++;
	if (!journal->peer)
		return;
	char *behind = source ? peer_behind_proxy(source, kind) : NULL;
	if (behind) {
		free(journal->peer);
		journal->peer = behind;
	}
	service->options->observer->connected(journal->peer);
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
	free(journal->peer);
	free(journal->explanation);
}
