#ifndef SERVER_POSTPONED_H
#define SERVER_POSTPONED_H

#include "net/batch.h"

#include <stdint.h>

/*
 * Replies that could not be sent yet. A unix datagram client whose queue is full (eleven messages)
 * can only be tried again; nothing tells when it has read. Those replies wait here in order, within
 * bounds of number, bytes and time, while everybody else is served.
 */
struct postponed;

struct postponed *postponed_new(void); /* NULL: no memory */
void postponed_free(struct postponed *postponed);

bool postponed_any(const struct postponed *postponed);
bool postponed_has(const struct postponed *postponed, const struct datagram *reply);

/* Takes a copy. NULL, or why there is no room: then the reply is lost. */
const char *postponed_add(struct postponed *postponed, const struct datagram *reply, int64_t now);

/* When the next trial is due; NEVER if nothing waits. */
int64_t postponed_next(const struct postponed *postponed);

/* What is asked and told of each reply; CONTEXT is the caller's. */
struct postponed_calls {
	/* May it be tried now? NULL: always. */
	bool (*may)(void *context, const struct msghdr *reply);
	void (*sent)(void *context, const struct msghdr *reply);
	void (*lost)(void *context, const struct msghdr *reply, const char *why);
};

/* Tries them once each, in order, and drops what has waited too long or can no longer be sent. */
void postponed_retry(struct postponed *postponed, int fd, int64_t now,
		     const struct postponed_calls *calls, void *context);

#endif
