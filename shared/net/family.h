#ifndef NET_FAMILY_H
#define NET_FAMILY_H

#include "base/error.h"
#include "net/endpoint_list.h"
#include "net/kind.h"
#include "protocol/proxy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/*
 * A socket family: what is different about it, and nothing else.
 *
 * To add one: a folder beside af_unix/ that holds its `const struct family`, its name in one line
 * below, and one line in families[] (family.c). Prefix and flags, the help, the completions, the
 * server, the clients, the tour and the load generator take it from there; the contract tests want
 * a link for each of its types. tests/fourth_family/ has one that is made so.
 */
extern const struct family af_unix;
extern const struct family af_inet;
extern const struct family af_inet6;

/* All of them, up to a NULL, in the order in which they are listed, tried and shown. */
extern const struct family *const families[];

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

/* What others call a family, with the type that they mean by it; 0: any. */
struct alias {
	const char *name;
	unsigned type; /* KIND_STREAM, ... */
};

/* Who is at the other end of a connection, as far as the kernel vouches for it. */
struct identity {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

/* What came with a datagram beside its bytes, as far as the kernel said it. */
struct told {
	int ttl, dscp, ecn; /* of its IP header (RFC 791, 2474, 3168; RFC 8200); -1: not said */
	bool identified;    /* WHO sent it */
	struct identity who;
	struct sockaddr_storage local; /* the address that it was sent to, ... */
	socklen_t local_length;        /* ... 0: that of the socket, or not said */
};

struct family {
	/* --- Every family has these six. --- */

	const char *name; /* in an endpoint's prefix: letters and digits, 15 at most */
	int domain;       /* for socket(2): AF_UNIX, ...; two families may share one */
	unsigned types;   /* that it has: KIND_STREAM, KIND_DGRAM, KIND_SEQPACKET or-ed together */

	/*
	 * Appends the addresses that ADDRESS, the text after the prefix, stands for: one at least.
	 * An empty text is the family's default.
	 */
	int (*resolve)(const char *address, const struct kind *kind, struct endpoint_list *list,
		       struct error *error);

	/*
	 * Writes the text after the prefix, which resolve() takes back. FAMILY_TEXT bytes are
	 * enough. ADDRESS may be any that the kernel gives, an empty one too.
	 */
	void (*format)(const struct sockaddr *address, socklen_t length, char *text);

	/*
	 * Writes, for resolve(), the text of an address that nobody else has: one that the system
	 * chooses, or NAME in FOLDER, which is the caller's own. ROOM is FAMILY_TEXT at least.
	 */
	void (*fresh)(const char *folder, const char *name, char *text, size_t room);

	/* --- Any of the rest may be left out, NULL or 0; what that means stands with each. --- */

	char flag;         /* -U, -4, -6, which no command has for another thing; 0: none */
	const char *title; /* what the help says of the flag; NULL: the name */

	/* How an address looks, for the help; of a PATH completions offer files. NULL: NAME. */
	const char *form;

	/*
	 * Is OPERAND, which has no prefix, written as one of ours? It goes to the first family that
	 * says so, and without any it is a host's name. Where one alone says so, the flag for a
	 * family of another domain contradicts it. NULL: only a prefix or flag makes it ours.
	 */
	bool (*recognises)(const char *operand);

	/* Other names of ours up to a NULL: no prefixes, but then it is known which is meant. */
	const struct alias *aliases;

	/* Options that every socket of ours wants, listening, accepted or connecting. NULL: none. */
	int (*adjust)(int fd, const struct kind *kind, struct error *error);

	/* Options for a listening socket, or a datagram server's, before bind(2). NULL: none. */
	int (*adjust_listener)(int fd, const struct endpoint *endpoint,
			       const struct listen_options *options, struct error *error);

	/* What --both makes of a listener of ours, for the help. NULL: nothing. */
	const char *both;
	bool under_both; /* its listeners take our peers: a listener of ours contradicts it */

	/*
	 * What helps where ADDRESS, one of ours, cannot be had because of errno NUMBER. NULL, or
	 * returns NULL: nothing.
	 */
	const char *(*hint)(const struct sockaddr *address, int number);

	/* Names the congestion control of a stream socket. NULL: it has none, and is left alone. */
	int (*congestion)(int fd, const char *name, struct error *error);

	/*
	 * Marks what a client's socket sends with a DSCP and gives it so many hops (-1: the
	 * system's). NULL: nothing of ours is a packet, and it has no source or interface either.
	 */
	int (*mark)(int fd, int dscp, int hops, struct error *error);

	/*
	 * Binds a name that must be fought for. *CLAIM is what release() is to get in the end, and
	 * may stay NULL. NULL: bind(2) does.
	 */
	int (*claim)(int fd, const struct endpoint *endpoint, const struct listen_options *options,
		     struct claim **claim, struct error *error);

	/* Gives up what claim() and own_address() made. NULL: nothing is to be given up. */
	void (*release)(struct claim *claim);

	/* Gives a datagram client an address that a server can answer. NULL: it has one unasked. */
	int (*own_address)(int fd, struct claim **claim, struct error *error);

	bool reliable; /* no datagram is lost or overtaken: who sends one waits for room */

	int burst;         /* how many datagrams are best taken at once; 0: one */
	socklen_t control; /* room for what the kernel says with each, up to ANSWER_CONTROL */

	/* Has the kernel say, with each datagram, what answer() must know. NULL: nothing. */
	int (*ask)(int fd, const struct endpoint *endpoint, struct error *error);

	/*
	 * Turns what recvmsg(2) filled into what sendmsg(2) needs to answer it: the address, and
	 * control messages within ANSWER_CONTROL bytes. Returns NULL, or why there must be no
	 * answer. *HOLD is a descriptor that the answer needs while it is sent (-1: none); the
	 * caller closes it. NULL: back to the address that it came from, without control messages.
	 */
	const char *(*answer)(struct msghdr *message, const struct answer_rules *rules, int *hold);

	/*
	 * Has the kernel say all that tell() can know; where it cannot, tell() knows less. NULL: it
	 * says that unasked, or cannot.
	 */
	void (*ask_all)(int fd);

	/*
	 * Reads what the kernel said with a datagram to the socket BOUND, before answer(). TOLD says
	 * nothing yet. NULL: it says nothing.
	 */
	void (*tell)(struct msghdr *message, const struct endpoint *bound, struct told *told);

	/*
	 * Of a datagram socket whose unread messages are charged to the sender: how many bytes of
	 * memory those take, and how many they may take before nobody can be sent anything. -1
	 * where the system cannot tell. NULL: messages that wait are no charge of the sender's.
	 */
	int (*unread)(int fd, size_t *taken, size_t *room);

	/*
	 * A number by which peers from one place are known, when too many come: its user on this
	 * machine, or its network. FD is connected, PEER its address. NULL: all are alike.
	 */
	uint64_t (*source)(int fd, const struct sockaddr *peer);

	/*
	 * Who is connected; -1 where the system cannot tell. NULL: nobody vouches for a peer, and
	 * --allow-uid lets all of ours in.
	 */
	int (*identify)(int fd, struct identity *identity);

	/*
	 * Makes ENDPOINT, whose address is one of ours, another family's if it really is: a peer by
	 * IPv4 of a socket for both, which the kernel calls ::ffff:a.b.c.d. NULL: none is.
	 */
	void (*unmap)(struct endpoint *endpoint);

	/*
	 * The family's number in a PROXY header, and its way from the header's address and port to
	 * one of ours, whose length it returns; 0 where the header's is empty. NULL: no header names
	 * such a peer.
	 */
	enum proxy_family proxy;
	socklen_t (*from_proxy)(const struct proxy_source *source,
				struct sockaddr_storage *address);

	/* What only this family shows, up to one without a name (demos/demo.h). NULL: nothing. */
	const struct demo *demos;
};

/* NULL: there is no such family. */
const struct family *family_by_name(const char *name, size_t length);
const struct family *family_by_domain(int domain); /* the first one */
const struct family *family_by_flag(char letter);

bool family_has(const struct family *family, const struct kind *kind);

/* The first family that OPERAND is written for, or NULL; *COUNT: by how many it could be taken. */
const struct family *family_recognise(const char *operand, size_t *count);

/*
 * Names of families, "unix, inet or inet6" where LAST is " or ": of those for which WHICH is true
 * with KIND; what does not fit is cut. Returns TEXT. Beside family_has() WHICH can be one of the
 * three below, which do not look at KIND.
 */
char *family_names(char *text, size_t size, const char *last,
		   bool (*which)(const struct family *family, const struct kind *kind),
		   const struct kind *kind);
bool family_any(const struct family *family, const struct kind *kind);
bool family_claims(const struct family *family, const struct kind *kind);
bool family_identifies(const struct family *family, const struct kind *kind);

/* The members that may be missing, with what that means. */

int family_adjust(const struct family *family, int fd, const struct kind *kind,
		  struct error *error);
const char *family_both(void); /* what --both does, in the words of the family that can */
void family_release(const struct family *family, struct claim *claim); /* CLAIM may be NULL */
const char *family_hint(const struct family *family, const struct sockaddr *address, int number);
const char *family_answer(const struct family *family, struct msghdr *message,
			  const struct answer_rules *rules, int *hold);

#endif
