#ifndef SERVER_JOURNAL_H
#define SERVER_JOURNAL_H

#include "net/endpoint.h"
#include "protocol/proxy.h"
#include "protocol/step.h"
#include "server/service.h"

/* What the observer hears of one connection. Where nobody observes it stays empty, and costs nothing. */
struct journal {
	char *peer; /* how the peer is called */
	char *explanation;
};

/* PEER is what accept(2) gave for FD, a connection at the endpoint AT. */
void journal_open(struct journal *journal, const struct server_observer *observer,
		  const struct endpoint *at, int fd, const struct sockaddr_storage *peer,
		  socklen_t length);

/* From now on it is known. SOURCE says who is behind a proxy; NULL: there is none. */
void journal_connected(struct journal *journal, const struct server_observer *observer,
		       const struct proxy_source *source, const struct kind *kind);

/* Why a step ended the conversation; valid until the journal is closed. */
const char *journal_explain(struct journal *journal, const struct step *step);

/* It has ended; REASON is NULL where the peer did that in order. Frees what it holds. */
void journal_close(struct journal *journal, const struct server_observer *observer, uint64_t bytes,
		   const char *reason);

#endif
