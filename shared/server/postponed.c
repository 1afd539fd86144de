#include "server/postponed.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST_REPLIES 1024
#define MOST_BYTES (8u << 20)
#define MOST_OF_ONE 128 /* so that one peer cannot fill it */
#define LONGEST NSEC_PER_SEC
#define PAUSE NSEC_PER_MSEC

struct reply {
	struct reply *next;
	int64_t since;
	struct sockaddr_storage peer;
	socklen_t peer_length;
	socklen_t control_length;
	_Alignas(struct cmsghdr) unsigned char control[ANSWER_CONTROL];
	size_t length;
	bool stuck; /* in this round: those behind it to the same peer must wait too */
	unsigned char bytes[];
};

struct postponed {
	struct reply *first;
	struct reply **last;
	size_t count;
	size_t bytes;
	int64_t next;
};

struct postponed *postponed_new(void)
{
	struct postponed *postponed = calloc(1, sizeof(*postponed));
	if (postponed)
		postponed->last = &postponed->first;
	return postponed;
}

void postponed_free(struct postponed *postponed)
{
	while (postponed && postponed->first) {
		struct reply *first = postponed->first;
		postponed->first = first->next;
		free(first);
	}
	free(postponed);
}

bool postponed_any(const struct postponed *postponed)
{
	return postponed->first != NULL;
}

static bool same(const struct reply *reply, const void *name, socklen_t length)
{
	return reply->peer_length == length && memcmp(&reply->peer, name, length) == 0;
}

static size_t count_of(const struct postponed *postponed, const struct msghdr *header)
{
	size_t count = 0;
	for (const struct reply *each = postponed->first; each; each = each->next)
		count += same(each, header->msg_name, header->msg_namelen);
	return count;
}

bool postponed_has(const struct postponed *postponed, const struct datagram *reply)
{
	return count_of(postponed, &reply->header) > 0;
}

const char *postponed_add(struct postponed *postponed, const struct datagram *item, int64_t now)
{
	size_t length = item->vector.iov_len;
	if (item->hold != -1)
		return "it does not read";
	if (postponed->count == MOST_REPLIES || postponed->bytes + length > MOST_BYTES ||
	    count_of(postponed, &item->header) >= MOST_OF_ONE)
		return "it does not read, and too many wait already";
	struct reply *reply = malloc(sizeof(*reply) + length);
	if (!reply)
		return "no memory";
	reply->next = NULL;
	reply->since = now;
	reply->stuck = false;
	reply->peer_length = item->header.msg_namelen;
	memcpy(&reply->peer, item->header.msg_name, reply->peer_length);
	reply->control_length =
		item->header.msg_control ? (socklen_t)item->header.msg_controllen : 0;
	memcpy(reply->control, item->control, sizeof(reply->control));
	reply->length = length;
	memcpy(reply->bytes, item->vector.iov_base, length);
	if (!postponed->first)
		postponed->next = now + PAUSE;
	*postponed->last = reply;
	postponed->last = &reply->next;
	postponed->count++;
	postponed->bytes += length;
	return NULL;
}

int64_t postponed_next(const struct postponed *postponed)
{
	return postponed->first ? postponed->next : NEVER;
}

static bool behind_a_stuck_one(const struct postponed *postponed, const struct reply *reply)
{
	for (const struct reply *each = postponed->first; each != reply; each = each->next)
		if (each->stuck && same(each, &reply->peer, reply->peer_length))
			return true;
	return false;
}

/* 1: sent; 0: not yet; -1 with errno. */
static int try(const struct postponed *postponed, int fd, struct reply *reply,
	       const struct msghdr *header, const struct postponed_calls *calls, void *context)
{
	reply->stuck = behind_a_stuck_one(postponed, reply) ||
		       (calls->may && !calls->may(context, header));
	if (reply->stuck)
		return 0;
	if (sendmsg(fd, header, MSG_NOSIGNAL) != -1)
		return 1;
	reply->stuck = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	return reply->stuck ? 0 : -1;
}

void postponed_retry(struct postponed *postponed, int fd, int64_t now,
		     const struct postponed_calls *calls, void *context)
{
	struct reply **link = &postponed->first;
	while (*link) {
		struct reply *reply = *link;
		struct iovec vector = { .iov_base = reply->bytes, .iov_len = reply->length };
		const struct msghdr header = {
			.msg_name = &reply->peer,
			.msg_namelen = reply->peer_length,
			.msg_iov = &vector,
			.msg_iovlen = 1,
			.msg_control = reply->control_length ? reply->control : NULL,
			.msg_controllen = reply->control_length,
		};
		int result = try(postponed, fd, reply, &header, calls, context);
		const char *why = result == -1 ? strerror(errno) : "it does not read";
		if (result == 0 && now - reply->since < LONGEST) {
			link = &reply->next;
			continue;
		}
		if (result == 1)
			calls->sent(context, &header);
		else
			calls->lost(context, &header, why);
		*link = reply->next;
		postponed->count--;
		postponed->bytes -= reply->length;
		free(reply);
	}
	postponed->last = link;
	/* a long queue is tried less often, for trying it takes time that others need */
	postponed->next = now + PAUSE * (int64_t)(1 + postponed->count / 32);
}
