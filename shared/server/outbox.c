#include "server/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static enum outbox_result send_some(int fd, const unsigned char *bytes, size_t length, size_t *sent)
{
	do {
		ssize_t now = send(fd, bytes + *sent, length - *sent, MSG_NOSIGNAL);
		if (now == -1 && errno == EINTR)
			continue;
		if (now == -1)
			return errno == EAGAIN || errno == EWOULDBLOCK ? OUTBOX_WAITS
								       : OUTBOX_BROKEN;
		*sent += (size_t)now;
	} while (*sent < length);
	return OUTBOX_SENT;
}

static enum outbox_result put_aside(struct outbox *outbox, const unsigned char *bytes,
				    size_t length)
{
	size_t waiting = outbox->length - outbox->sent;
	unsigned char *all = malloc(waiting + length ? waiting + length : 1);
	if (!all)
		return OUTBOX_BROKEN;
	if (waiting > 0)
		memcpy(all, outbox->bytes + outbox->sent, waiting);
	if (length > 0)
		memcpy(all + waiting, bytes, length);
	free(outbox->bytes);
	*outbox = (struct outbox){ .bytes = all, .length = waiting + length };
	return OUTBOX_WAITS;
}

enum outbox_result outbox_send(struct outbox *outbox, int fd, const unsigned char *bytes,
			       size_t length)
{
	size_t sent = 0;
	enum outbox_result result = OUTBOX_WAITS;
	if (outbox_is_empty(outbox))
		result = send_some(fd, bytes, length, &sent);
	return result == OUTBOX_WAITS ? put_aside(outbox, bytes + sent, length - sent) : result;
}

enum outbox_result outbox_flush(struct outbox *outbox, int fd)
{
	enum outbox_result result = send_some(fd, outbox->bytes, outbox->length, &outbox->sent);
	if (result == OUTBOX_SENT)
		outbox_free(outbox);
	return result;
}

void outbox_free(struct outbox *outbox)
{
	free(outbox->bytes);
	*outbox = (struct outbox){ 0 };
}
