#include "af_unix/abstract.h"
#include "af_unix/claim.h"
#include "af_unix/identify.h"
#include "af_unix/own_address.h"
#include "af_unix/unread.h"
#include "af_unix/demos/demos.h"
#include "net/endpoint.h"
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
 * Its bytes stand for themselves; a folder that is not absolute does not
 * count (XDG Base Directory).
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
 * Reads one byte of the notation: itself, `\\`, or `\xHH`. Returns what comes after it, NULL if bad.
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
	if (abstract && !abstract_names())
		return error_set(error, STATUS_USAGE, "%s: abstract names are Linux's alone",
				 address);
	if (abstract && used == 1)
		return error_set(error, STATUS_USAGE, "%s: an abstract name needs a byte at least",
				 address);
	endpoint.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + used + !abstract);
	return endpoint_list_add(list, &endpoint, error);
}

/* Writes one byte of a name in the notation; returns where the next one goes. */
static char *escape(char *text, char name, bool first)
{
	unsigned char byte = (unsigned char)name;
	if (byte == '\\')
		return text + sprintf(text, "\\\\");
	if (byte < ' ' || byte > '~' || (first && byte == '@'))
		return text + sprintf(text, "\\x%02x", byte);
	*text = name;
	return text + 1;
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
	for (bool first = true; i < size; i++, first = false)
		text = escape(text, un.sun_path[i], first);
	*text = '\0';
}

/* A path in the folder; one that does not fit becomes a text that resolve() finds too long. */
static void fresh(const char *folder, const char *name, char *text, size_t room)
{
	const char *end = text + room - sizeof("\\xHH");
	for (const char *byte = folder; *byte && text < end; byte++)
		text = escape(text, *byte, byte == folder);
	*text++ = '/';
	for (; *name && text < end; name++)
		text = escape(text, *name, false);
	*text = '\0';
}

static int adjust(int fd, const struct kind *kind, struct error *error)
{
	int on = 1;
	int size = SEND_BUFFER;
	if (kind == kind_stream) {
		/*
		 * unix streams have urgent bytes since Linux 5.15; elsewhere there are none
		 * to keep in line
		 */
		if (setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)) == -1 &&
		    errno != EOPNOTSUPP)
			return error_system(error, STATUS_SYSTEM, errno, "SO_OOBINLINE");
		return 0;
	}
	/*
	 * what the largest message is depends on the sender's buffer: ours must hold
	 * the reply to it
	 */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "SO_SNDBUF");
	return identify_ask(fd, error);
}

/* The header's bytes are a whole sun_path, which may begin with a NUL. */
/* The header's field has a fixed width, and is padded with NULs: those are no part of a name. */
static socklen_t from_proxy(const struct proxy_source *source, struct sockaddr_storage *address)
{
	struct sockaddr_un *un = (struct sockaddr_un *)address;
	size_t used = sizeof(un->sun_path);
	_Static_assert(sizeof(un->sun_path) <= sizeof(source->address), "all of it is there");
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, source->address, sizeof(un->sun_path));
	while (used > 0 && un->sun_path[used - 1] == '\0')
		used--;
	if (used > 0 && un->sun_path[0] != '\0')
		used = strnlen(un->sun_path, used);
	return used > 0 ? (socklen_t)(offsetof(struct sockaddr_un, sun_path) + used) : 0;
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

static const struct alias aliases[] = {
	{ "uds", 0 },     { "unixgram", KIND_DGRAM }, { "unixpacket", KIND_SEQPACKET },
	{ "af_unix", 0 }, { "af_local", 0 },          { NULL, 0 },
};

const struct family af_unix = {
	.name = "unix",
	.domain = AF_UNIX,
	.types = KIND_STREAM | KIND_DGRAM | KIND_SEQPACKET,
	.resolve = resolve,
	.format = format,
	.fresh = fresh,
	.flag = 'U',
	.title = "unix sockets",
	.form = "PATH",
	.recognises = recognises,
	.aliases = aliases,
	.adjust = adjust,
	.claim = claim_path,
	.release = claim_release,
	.own_address = own_address_give,
	.reliable = true, /* unix(7) */
	.burst = 1,       /* here taking several at once costs more than it saves */
	.control = RECORD_CONTROL,
	.answer = answer,
	.tell = identify_sender,
	.unread = unread_measure,
	.source = source,
	.identify = identify_peer,
	.proxy = PROXY_UNIX,
	.from_proxy = from_proxy,
	.demos = af_unix_demos,
};
