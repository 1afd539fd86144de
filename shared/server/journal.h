#ifndef SERVER_JOURNAL_H
#define SERVER_JOURNAL_H

#include "net/endpoint.h"
#include "protocol/proxy.h"
#include "protocol/step.h"
#include "server/service.h"

/*
 * What the observer hears of one connection, and whether it counts. Where nobody observes, it
 * holds no text and costs nothing.
 */
struct journal {
	char *peer; /* how the peer is called */
	char *explanation;
	bool connected; /* that is told, and counted */
	bool no_event;  /* nothing is, nor will be */
};

/*
 * PEER is what accept(2) gave for FD, a connection at the endpoint AT. -1 with errno where there is
 * no memory; then nothing is open.
 */
int journal_open(struct journal *journal, const struct service *service, const struct endpoint *at,
		 int fd, const struct sockaddr_storage *peer, socklen_t length);

/* All about a connection that came and could not be served, for REASON. Takes no memory. */
void journal_refused(struct service *service, const struct endpoint *at, int fd,
		     const struct sockaddr_storage *peer, socklen_t length, const char *reason);

/*
 * From now on it is known, and counts. SOURCE says who is behind a proxy; NULL: there is none. -1
 * with errno where there is no memory for that; then nothing has changed.
 */
int journal_connected(struct journal *journal, struct service *service,
		      const struct proxy_source *source, const struct kind *kind);

/* It ended before it was known, and need not be: it was a health check. */
void journal_no_event(struct journal *journal);

/* Why a step ended the conversation; valid until the journal is closed. */
const char *journal_explain(struct journal *journal, const struct step *step);

/*
 * It has ended; REASON is NULL where the peer did that in order. If it was not known yet, that is
 * told first. Frees what it holds.
 */
void journal_close(struct journal *journal, struct service *service, uint64_t bytes,
		   const char *reason);

/* Frees what it holds; nothing is told. */
void journal_free(struct journal *journal);

#endif
