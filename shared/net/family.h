#ifndef NET_FAMILY_H
#define NET_FAMILY_H

#include "base/error.h"
#include "net/endpoint.h"
#include "net/kind.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/*
 * A socket family: what is different about it, and nothing else. A member that is NULL means that
 * there is nothing to do.
 *
 * To add a family: a folder beside af_unix/ with a `const struct family` in it, its name in the
 * three lines below, and a line in families[] (family.c). Flags, prefixes, the server, the clients
 * and the contract tests take it from there.
 */
extern const struct family af_unix;
extern const struct family af_inet;
extern const struct family af_inet6;

#define FAMILY_COUNT 3
extern const struct family *const families[FAMILY_COUNT];

/* What a listener's socket is asked to be, beyond its address. */
struct listen_options {
	int backlog;            /* listen(2) */
	mode_t mode;            /* of a unix path, from its first instant */
	bool both;              /* an inet6 listener takes IPv4 too */
	const char *congestion; /* of TCP; NULL: the system's */
};

/* What a family holds for a listener until it ends: a path with its lock, say. */
struct claim;

/* What a datagram server must ask before it answers. */
struct answer_rules {
	bool low_ports; /* source ports below 1024 are answered too */
};

/* Room for the control messages of one datagram, either way. */
#define ANSWER_CONTROL 128

struct demo;

/* Who is at the other end of a connection, as far as the kernel vouches for it. */
struct identity {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

struct family {
	const char *name;  /* in an endpoint's prefix */
	int domain;        /* AF_UNIX, ... */
	bool seqpacket;    /* has that type besides stream and dgram */
	int burst;         /* how many datagrams are best taken at once */
	socklen_t control; /* room for what the kernel says with each; ANSWER_CONTROL at most */

	/* Is OPERAND, without prefix or flag, written as one of ours? (NULL: by exclusion only.) */
	bool (*recognises)(const char *operand);

	/* Appends the addresses that ADDRESS, the text behind the prefix, stands for. */
	int (*resolve)(const char *address, const struct kind *kind, struct endpoint_list *list,
		       struct error *error);

	/* Writes the text behind the prefix; ENDPOINT_TEXT - 32 bytes are enough. */
	void (*format)(const struct sockaddr *address, socklen_t length, char *text);

	/* Options that every socket of ours wants, listening, accepted or connecting. */
	int (*adjust)(int fd, const struct kind *kind, struct error *error);

	/* Options that a listening socket (or a datagram server's) wants before bind(2). */
	int (*adjust_listener)(int fd, const struct endpoint *endpoint,
			       const struct listen_options *options, struct error *error);

	/* Names the congestion control of a stream socket. */
	int (*congestion)(int fd, const char *name, struct error *error);

	/* Binds a name that must be fought for; without it, bind(2) does. *CLAIM may stay NULL. */
	int (*claim)(int fd, const struct endpoint *endpoint, const struct listen_options *options,
		     struct claim **claim, struct error *error);
	void (*release)(struct claim *claim);

	/*
	 * Gives a datagram client an address that a server can answer, where it has none unasked.
	 */
	int (*own_address)(int fd, struct claim **claim, struct error *error);

	/* Has the kernel say, with each datagram, what answer() must know. */
	int (*ask)(int fd, const struct endpoint *endpoint, struct error *error);

	/*
	 * Turns what recvmsg(2) filled into what sendmsg(2) needs to answer it: the address, and
	 * control messages within ANSWER_CONTROL bytes. Returns NULL, or why there must be no
	 * answer. *HOLD is a descriptor that the answer needs while it is sent (-1: none); the
	 * caller closes it.
	 */
	const char *(*answer)(struct msghdr *message, const struct answer_rules *rules, int *hold);

	/*
	 * Of a datagram socket whose unread messages are charged to the sender: how many bytes of
	 * memory those take, and how many they may take before nobody can be sent anything. -1
	 * where the system cannot tell.
	 */
	int (*unread)(int fd, size_t *taken, size_t *room);

	/*
	 * A number by which peers from one place are known, when too many come: its user on this
	 * machine, or its network. FD is connected, PEER its address. NULL: all are alike.
	 */
	uint64_t (*source)(int fd, const struct sockaddr *peer);

	/* Who is connected; -1 where the system cannot tell. */
	int (*identify)(int fd, struct identity *identity);

	/* What only this family shows, up to one without a name (demos/demo.h); NULL: nothing. */
	const struct demo *demos;
};

const struct family *family_by_name(const char *name, size_t length);
const struct family *family_by_domain(int domain);
bool family_has(const struct family *family, const struct kind *kind);

#endif
