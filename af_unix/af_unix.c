#include "af_unix/claim.h"
#include "af_unix/identify.h"
#include "af_unix/own_address.h"
#include "af_unix/unread.h"
#include "af_unix/demos/demos.h"
#include "net/family.h"
#include "net/record.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

/* The greatest message is bounded by this; the system cuts it to what it allows. */
#define SEND_BUFFER (4 << 20)

static bool recognises(const char *operand)
{
	return strchr("/.@", *operand) ? *operand != '\0' : strchr(operand, '/') != NULL;
}

/*
 * Its bytes stand for themselves; a folder that is not absolute does not count (XDG Base
 * Directory).
 */
static int resolve_default(struct endpoint *endpoint, struct error *error)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&endpoint->address;
	const char *folder = getenv("XDG_RUNTIME_DIR");
	bool stream = endpoint->kind == kind_stream;
	int length = snprintf(un->sun_path, sizeof(un->sun_path), "%s/sockfam%s%s.sock",
			      folder && *folder == '/' ? folder : "/tmp", stream ? "" : "-",
			      stream ? "" : endpoint->kind->name);
	if (length >= (int)sizeof(un->sun_path))
		return error_set(error, STATUS_USAGE,
				 "XDG_RUNTIME_DIR: too long for a socket's path");
	endpoint->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length + 1);
	return 0;
}

/*
 * Reads one byte of the notation: itself, `\\`, or `\xHH`. Returns what is behind it, NULL if bad.
 */
static const char *unescape(const char *text, char *byte)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	*byte = *text;
	if (*text != '\\')
		return text + 1;
	if (text[1] == '\\')
		return text + 2;
	if (text[1] != 'x' || !text[2] || !text[3])
		return NULL;
	const char *high = strchr(digits, text[2]);
	const char *low = strchr(digits, text[3]);
	if (!high || !low)
		return NULL;
	*byte = (char)(((high - digits) % 16) << 4 | (low - digits) % 16);
	return text + 4;
}

static int resolve(const char *address, const struct kind *kind, struct endpoint_list *list,
		   struct error *error)
{
	struct endpoint endpoint = { .family = &af_unix, .kind = kind };
	struct sockaddr_un *un = (struct sockaddr_un *)&endpoint.address;
	size_t used = 0;
	un->sun_family = AF_UNIX;
	if (*address == '\0')
		return resolve_default(&endpoint, error) == -1
			       ? -1
			       : endpoint_list_add(list, &endpoint, error);
	bool abstract = *address == '@';
	const char *rest = address;
	if (abstract) {
		un->sun_path[used++] = '\0';
		rest++;
	}
	while (*rest) {
		/* a path ends with a NUL, an abstract name with its length */
		if (used == sizeof(un->sun_path) - !abstract)
			return error_set(error, STATUS_USAGE,
					 "%s: longer than the %zu bytes of a socket's %s", address,
					 sizeof(un->sun_path) - 1, abstract ? "name" : "path");
		rest = unescape(rest, &un->sun_path[used]);
		if (!rest)
			return error_set(error, STATUS_USAGE, "%s: '\\' begins \\\\ or \\xHH",
					 address);
		if (!abstract && un->sun_path[used] == '\0')
			return error_set(error, STATUS_USAGE, "%s: a path cannot hold a NUL byte",
					 address);
		used++;
	}
#ifndef __linux__
	if (abstract)
		return error_set(error, STATUS_USAGE, "%s: abstract names are Linux's alone",
				 address);
#endif
	if (abstract && used == 1)
		return error_set(error, STATUS_USAGE, "%s: an abstract name needs a byte at least",
				 address);
	endpoint.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + used + !abstract);
	return endpoint_list_add(list, &endpoint, error);
}

static void format(const struct sockaddr *address, socklen_t length, char *text)
{
	struct sockaddr_un un = { 0 };
	memcpy(&un, address, length < sizeof(un) ? length : sizeof(un));
	size_t size = length > offsetof(struct sockaddr_un, sun_path)
			      ? length - offsetof(struct sockaddr_un, sun_path)
			      : 0;
	size_t i = 0;
	if (size > 0 && un.sun_path[0] == '\0') {
		*text++ = '@';
		i = 1;
	} else {
		size = strnlen(un.sun_path,
			       size < sizeof(un.sun_path) ? size : sizeof(un.sun_path));
	}
	for (bool first = true; i < size; i++, first = false) {
		unsigned char byte = (unsigned char)un.sun_path[i];
		if (byte == '\\')
			text += sprintf(text, "\\\\");
		else if (byte < ' ' || byte > '~' || (first && byte == '@'))
			text += sprintf(text, "\\x%02x", byte);
		else
			*text++ = (char)byte;
	}
	*text = '\0';
}

static int adjust(int fd, const struct kind *kind, struct error *error)
{
	int on = 1;
	int size = SEND_BUFFER;
	if (kind == kind_stream) {
		/*
		 * unix streams have urgent bytes since Linux 5.15; elsewhere there are none to keep
		 * in line
		 */
		if (setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)) == -1 &&
		    errno != EOPNOTSUPP)
			return error_system(error, STATUS_SYSTEM, errno, "SO_OOBINLINE");
		return 0;
	}
	/*
	 * what the largest message is depends on the sender's buffer: ours must hold the reply to
	 * it
	 */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "SO_SNDBUF");
	return identify_ask(fd, error);
}

static const char *answer(struct msghdr *message, const struct answer_rules *rules, int *hold)
{
	(void)rules;
	if (message->msg_namelen <= offsetof(struct sockaddr_un, sun_path))
		return "it has no address to reply to";
	const char *refusal = identify_reply_path(message, hold);
	message->msg_control = NULL;
	message->msg_controllen = 0;
	return refusal;
}

static uint64_t source(int fd, const struct sockaddr *peer)
{
	struct identity who;
	(void)peer;
	return identify_peer(fd, &who) == 0 ? who.uid : 0;
}

const struct family af_unix = {
	.name = "unix",
	.domain = AF_UNIX,
	.seqpacket = true,
	.burst = 1, /* here taking several at once costs more than it saves */
	.control = RECORD_CONTROL,
	.recognises = recognises,
	.resolve = resolve,
	.format = format,
	.adjust = adjust,
	.claim = claim_path,
	.release = claim_release,
	.own_address = own_address_give,
	.answer = answer,
	.unread = unread_measure,
	.source = source,
	.identify = identify_peer,
	.demos = af_unix_demos,
};
