#include "server/postponed.h"

#include "base/clock.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { PEERS = 12, LARGE = 60000, ENOUGH = 100000 };

static char folder[] = "/tmp/unit.XXXXXX";
static int server; /* sends and is never sent to */
static struct peer {
	int fd;
	struct sockaddr_un address;
	socklen_t length;
} peers[PEERS];

static int refusals; /* how many times sending still fails, as it does until a peer reads */

/* In place of the system's, so that a queue can be full for one reply and not for the next. */
ssize_t sendmsg(int fd, const struct msghdr *header, int flags)
{
	if (refusals > 0) {
		refusals--;
		errno = EAGAIN;
		return -1;
	}
	const struct iovec *vector = header->msg_iov;
	return sendto(fd, vector->iov_base, vector->iov_len, flags, header->msg_name,
		      header->msg_namelen);
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(2);
}

static int datagram_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	must(fd != -1 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "socket");
	return fd;
}

static void open_peers(void)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	must(mkdtemp(folder) != NULL, "mkdtemp");
	server = datagram_socket();
	for (int i = 0; i < PEERS; i++) {
		struct peer *peer = &peers[i];
		peer->fd = datagram_socket();
		peer->address.sun_family = AF_UNIX;
		char *path = peer->address.sun_path;
		int used = snprintf(path, sizeof(peer->address.sun_path), "%s/%d", folder, i);
		peer->length = (socklen_t)(head + (size_t)used + 1);
		must(bind(peer->fd, (struct sockaddr *)&peer->address, peer->length) == 0, "bind");
	}
}

static void close_peers(void)
{
	for (int i = 0; i < PEERS; i++) {
		close(peers[i].fd);
		unlink(peers[i].address.sun_path);
	}
	close(server);
	rmdir(folder);
}

/* Sends until the peer takes no more: what is sent after that must wait. */
static void fill(const struct peer *peer)
{
	const struct sockaddr *address = (const struct sockaddr *)&peer->address;
	while (sendto(server, "fill", 4, 0, address, peer->length) != -1)
		;
	must(errno == EAGAIN || errno == EWOULDBLOCK, "filling a queue");
}

/* Reads what is there and returns how many; TEXT gets them in a row, as far as they fit. */
static int drain(const struct peer *peer, char *text, size_t size)
{
	char bytes[64];
	ssize_t length;
	int count = 0;
	*text = '\0';
	while ((length = recv(peer->fd, bytes, sizeof(bytes) - 1, 0)) != -1) {
		bytes[length] = '\0';
		if (strcmp(bytes, "fill") == 0)
			continue;
		count++;
		if (strlen(text) + (size_t)length + 2 < size)
			strcat(strcat(text, bytes), " ");
	}
	return count;
}

static struct datagram *reply_to(const struct peer *peer, const char *bytes, size_t length)
{
	static struct datagram item;
	static unsigned char room[LARGE];
	datagram_reset(&item, room, sizeof(room), 0);
	memcpy(room, bytes, length < LARGE ? length : LARGE);
	item.vector.iov_len = length;
	memcpy(&item.peer, &peer->address, peer->length);
	item.header.msg_namelen = peer->length;
	item.header.msg_control = NULL;
	return &item;
}

static const char *add(struct postponed *postponed, const struct peer *peer, const char *text,
		       int64_t now)
{
	return postponed_add(postponed, reply_to(peer, text, strlen(text)), now);
}

/* What postponed_retry() reported. */
struct seen {
	int lost, sent;
	size_t bytes;
	char why[64];
	socklen_t length; /* of the address of the last one lost */
};

static void on_lost(void *context, const struct msghdr *reply, const char *why)
{
	struct seen *seen = context;
	seen->lost++;
	seen->length = reply->msg_namelen;
	snprintf(seen->why, sizeof(seen->why), "%s", why);
}

static void on_sent(void *context, const struct msghdr *reply)
{
	size_t length = reply->msg_iov[0].iov_len;
	struct seen *seen = context;
	seen->sent++;
	seen->bytes += length;
}

static struct seen retry(struct postponed *postponed, int64_t now)
{
	struct seen seen = { 0 };
	const struct postponed_calls calls = { .sent = on_sent, .lost = on_lost };
	postponed_retry(postponed, server, now, &calls, &seen);
	return seen;
}

static struct postponed *make(void)
{
	struct postponed *postponed = postponed_new();
	must(postponed != NULL, "postponed_new");
	return postponed;
}

static void test_empty(void)
{
	struct postponed *postponed = make();
	check(!postponed_any(postponed), "at first nothing waits");
	check(postponed_next(postponed) == NEVER, "and no trial is due");
	check(!postponed_has(postponed, reply_to(&peers[0], "", 0)), "for nobody");
	struct seen seen = retry(postponed, 1);
	check(seen.lost == 0 && seen.sent == 0, "a trial of nothing does nothing");
	check(postponed_next(postponed) == NEVER, "and plans no other");
	postponed_free(postponed);
}

static void test_order(void)
{
	struct postponed *postponed = make();
	char text[256];
	const int64_t now = 5 * NSEC_PER_SEC;
	fill(&peers[0]);
	fill(&peers[1]);
	check(!add(postponed, &peers[0], "a1", now) && !add(postponed, &peers[1], "b1", now) &&
		      !add(postponed, &peers[0], "a2", now) &&
		      !add(postponed, &peers[1], "", now) && !add(postponed, &peers[0], "a3", now),
	      "five replies are taken");
	check(postponed_any(postponed) && postponed_has(postponed, reply_to(&peers[0], "", 0)) &&
		      postponed_has(postponed, reply_to(&peers[1], "", 0)),
	      "they wait, for both peers");
	check(!postponed_has(postponed, reply_to(&peers[2], "", 0)), "and not for a third");
	int64_t next = postponed_next(postponed);
	check(next > now && next <= now + NSEC_PER_SEC / 10, "the next trial is due soon (%d us)",
	      (int)((next - now) / NSEC_PER_USEC));

	struct seen seen = retry(postponed, next);
	check(seen.sent == 0 && seen.lost == 0, "while neither reads, all wait on");
	check(postponed_next(postponed) > next, "for a later trial");
	drain(&peers[0], text, sizeof(text));
	seen = retry(postponed, next + 1);
	check(seen.sent == 3 && seen.bytes == 6 && seen.lost == 0,
	      "the one that reads gets its replies, past the one that does not (%d)", seen.sent);
	drain(&peers[0], text, sizeof(text));
	check(strcmp(text, "a1 a2 a3 ") == 0, "in order: %s", text);
	check(!postponed_has(postponed, reply_to(&peers[0], "", 0)) &&
		      postponed_has(postponed, reply_to(&peers[1], "", 0)),
	      "those for the other wait on");

	check(!add(postponed, &peers[1], "b3", next), "more can be added after them");
	drain(&peers[1], text, sizeof(text));
	seen = retry(postponed, next + 2);
	int count = drain(&peers[1], text, sizeof(text));
	check(seen.sent == 3 && count == 3 && strcmp(text, "b1  b3 ") == 0,
	      "and come in order, the empty one too: %s", text);
	check(!postponed_any(postponed) && postponed_next(postponed) == NEVER,
	      "then nothing waits");
	postponed_free(postponed);
}

/* The queue has room for some of them only. */
static void test_order_in_parts(void)
{
	struct postponed *postponed = make();
	char text[4096], all[4096] = "", wanted[4096] = "", name[16];
	int rounds = 0;
	fill(&peers[0]);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "%d", i);
		strcat(strcat(wanted, name), " ");
		must(!add(postponed, &peers[0], name, 0), "postponed_add");
	}
	for (; postponed_any(postponed) && rounds < 100; rounds++) {
		drain(&peers[0], text, sizeof(text));
		strcat(all, text);
		retry(postponed, rounds);
	}
	drain(&peers[0], text, sizeof(text));
	strcat(all, text);
	check(strcmp(all, wanted) == 0, "more than a queue holds come in order, in %d rounds: %s",
	      rounds, all);
	check(rounds > 2, "and not at once");
	postponed_free(postponed);
}

/* A peer that reads between two of its replies must not get the second one first. */
static void test_no_overtaking(void)
{
	struct postponed *postponed = make();
	char text[64];
	must(!add(postponed, &peers[0], "a1", 0) && !add(postponed, &peers[0], "a2", 0) &&
		     !add(postponed, &peers[1], "b1", 0),
	     "add");
	refusals = 1;
	struct seen seen = retry(postponed, 1);
	check(seen.sent == 1 && drain(&peers[1], text, sizeof(text)) == 1,
	      "one refused, another peer's is sent");
	check(drain(&peers[0], text, sizeof(text)) == 0,
	      "and what comes after it waits with it: %s", text);
	retry(postponed, 2);
	drain(&peers[0], text, sizeof(text));
	check(strcmp(text, "a1 a2 ") == 0, "then both come in order: %s", text);
	postponed_free(postponed);
}

static void test_expiry(void)
{
	struct postponed *postponed = make();
	char text[256];
	const int64_t start = 7 * NSEC_PER_SEC;
	fill(&peers[0]);
	must(!add(postponed, &peers[0], "old", start), "add");
	must(!add(postponed, &peers[0], "new", start + NSEC_PER_SEC / 2), "add");
	struct seen seen = retry(postponed, start + NSEC_PER_SEC / 10);
	check(seen.lost == 0, "after a tenth of a second nothing is lost");
	seen = retry(postponed, start + NSEC_PER_SEC + NSEC_PER_SEC / 10);
	check(seen.lost == 1 && seen.sent == 0, "only what has waited too long is lost (%d)",
	      seen.lost);
	check(*seen.why && seen.length == peers[0].length, "with the reason and the address: %s",
	      seen.why);
	drain(&peers[0], text, sizeof(text));
	seen = retry(postponed, start + NSEC_PER_SEC + NSEC_PER_SEC / 5);
	drain(&peers[0], text, sizeof(text));
	check(seen.sent == 1 && strcmp(text, "new ") == 0, "the younger one still comes: %s", text);

	fill(&peers[0]);
	must(!add(postponed, &peers[0], "late", start), "add");
	drain(&peers[0], text, sizeof(text));
	seen = retry(postponed, start + 100 * NSEC_PER_SEC);
	check(seen.sent == 1 && seen.lost == 0, "late as it is, it is sent if it can be");
	drain(&peers[0], text, sizeof(text));
	postponed_free(postponed);
}

static void test_gone(void)
{
	struct postponed *postponed = make();
	struct peer gone = peers[0];
	char text[64];
	strcat(gone.address.sun_path, ".gone");
	gone.length += 5;
	fill(&peers[1]);
	must(!add(postponed, &gone, "x", 0) && !add(postponed, &peers[1], "y", 0) &&
		     !add(postponed, &gone, "z", 0),
	     "add");
	struct seen seen = retry(postponed, 1);
	check(seen.lost == 2 && seen.sent == 0 && strcmp(seen.why, strerror(ENOENT)) == 0,
	      "to a peer that is gone they are lost: %s", seen.why);
	check(!postponed_has(postponed, reply_to(&gone, "", 0)) &&
		      postponed_has(postponed, reply_to(&peers[1], "", 0)),
	      "and the others wait on");
	drain(&peers[1], text, sizeof(text));
	seen = retry(postponed, 2);
	check(seen.sent == 1 && drain(&peers[1], text, sizeof(text)) == 1, "and come");
	postponed_free(postponed);
}

/* How many replies of SIZE bytes are taken for peers FIRST to LAST before one is refused. */
static int add_until_refused(struct postponed *postponed, int first, int last, size_t size)
{
	int count = 0;
	static const char bytes[LARGE];
	for (int i = first; count < ENOUGH; i = i < last ? i + 1 : first, count++)
		if (postponed_add(postponed, reply_to(&peers[i], bytes, size), 0))
			break;
	return count;
}

static void test_bounds(void)
{
	char text[64];
	struct postponed *postponed = make();
	int of_one = add_until_refused(postponed, 0, 0, 1);
	check(of_one > 0 && of_one < ENOUGH, "one peer has room for this many: %d", of_one);
	check(postponed_add(postponed, reply_to(&peers[0], "x", 1), 0) != NULL, "and for no more");
	check(postponed_add(postponed, reply_to(&peers[1], "x", 1), 0) == NULL,
	      "while another has room");
	int more = add_until_refused(postponed, 1, PEERS - 1, 1);
	int of_all = of_one + 1 + more;
	check(of_all > of_one * 2 && of_all < of_one * PEERS,
	      "all of them together have room for %d", of_all);

	for (int i = 0; i < PEERS; i++)
		drain(&peers[i], text, sizeof(text));
	int sent = 0, lost = 0;
	for (int round = 0; round < 1000 && postponed_any(postponed); round++) {
		struct seen seen = retry(postponed, 1);
		sent += seen.sent;
		lost += seen.lost;
		for (int i = 0; i < PEERS; i++)
			drain(&peers[i], text, sizeof(text));
	}
	check(sent == of_all && lost == 0, "all that were taken are sent (%d)", sent);
	check(add_until_refused(postponed, 0, 0, 1) == of_one, "and then there is room again");
	postponed_free(postponed);

	postponed = make();
	int large = add_until_refused(postponed, 0, PEERS - 1, LARGE);
	check(large > 0 && large < of_all, "of %d bytes each there is room for fewer: %d", LARGE,
	      large);
	check(postponed_add(postponed, reply_to(&peers[PEERS - 1], "x", 1), 0) == NULL,
	      "where a large one has no room, a small one may");
	for (int i = 0; i < PEERS; i++)
		fill(&peers[i]);
	struct seen seen = retry(postponed, 100 * NSEC_PER_SEC);
	check(seen.lost == large + 1 && !postponed_any(postponed),
	      "when all have waited too long, all are lost");
	check(add_until_refused(postponed, 0, PEERS - 1, LARGE) == large,
	      "and their bytes are free again");
	postponed_free(postponed);
	for (int i = 0; i < PEERS; i++)
		drain(&peers[i], text, sizeof(text));
}

/* A copy is kept, because the caller's memory is used again at once. A descriptor is not kept. */
static void test_copy(void)
{
	struct postponed *postponed = make();
	char text[64];
	struct datagram *item = reply_to(&peers[0], "kept", 4);
	must(!postponed_add(postponed, item, 0), "add");
	memset(item->vector.iov_base, 'X', 4);
	memset(&item->peer, 0, sizeof(item->peer));
	struct seen seen = retry(postponed, 1);
	drain(&peers[0], text, sizeof(text));
	check(seen.sent == 1 && strcmp(text, "kept ") == 0, "a copy is kept: %s", text);
	item = reply_to(&peers[0], "held", 4);
	item->hold = server;
	check(postponed_add(postponed, item, 0) != NULL && !postponed_any(postponed),
	      "a reply that needs a descriptor cannot wait");
	postponed_free(postponed);
}

int main(void)
{
	alarm(60); /* rather dead than stuck */
	open_peers();
	test_empty();
	test_order();
	test_order_in_parts();
	test_no_overtaking();
	test_expiry();
	test_gone();
	test_bounds();
	test_copy();
	close_peers();
	return check_done();
}
