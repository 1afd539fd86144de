#ifndef SERVER_CALLERS_H
#define SERVER_CALLERS_H

#include "protocol/misbehave.h"

#include <sys/socket.h>

/*
 * The peers of a datagram listener that serves them wrong on purpose: each has its number, in the
 * order in which they came, and its own messages, as a connection has. Only so many are remembered;
 * the one that has been silent longest makes room, and is a new one when it comes again.
 */
#define CALLERS_MOST 4096

struct late_reply;

struct caller {
	struct caller *next;          /* in its place of the table */
	struct caller *newer, *older; /* by when they were heard last */
	struct misbehave stage;
	struct late_reply *held; /* for the next one to overtake it; or NULL */
	struct sockaddr_storage address;
	socklen_t length;
};

struct callers;

struct callers *callers_new(void); /* NULL: no memory */
void callers_free(struct callers *callers);

/* The peer at this address, which is the newest one from now on. NULL: it is not known. */
struct caller *callers_find(struct callers *callers, const void *address, socklen_t length);

/* A new one, with a stage of zeros; the oldest may have to go for it. NULL: no memory. */
struct caller *callers_add(struct callers *callers, const void *address, socklen_t length);

/* Who goes for the next new one, and must hold nothing then; NULL: there is room. */
struct caller *callers_oldest(struct callers *callers);

#endif
