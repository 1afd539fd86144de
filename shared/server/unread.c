#include "server/unread.h"

#include <stdlib.h>
#include <string.h>

/* So many clients are known at a time; for another one whoever holds the least is forgotten. */
#define KNOWN 256

/* Parts of the buffer: more is unread than this, and it is counted whose it is; shares begin. */
#define WATCH 16
#define CROWDED 4

/* What one client may hold of what is left then. The greatest message still fits if it holds none. */
#define SHARE 8

struct client {
	struct sockaddr_storage address;
	socklen_t length;
	size_t held; /* bytes that it was sent and may not have read */
};

struct unread {
	const struct family *family;
	int fd;
	size_t room;      /* that the unread may take in all */
	size_t unwatched; /* bytes sent since the kernel was last asked, while nothing is counted */
	bool watching;
	size_t base; /* what was unread when the counting began: nobody knows whose it is */
	size_t sum;  /* of what the clients hold */
	unsigned count;
	struct client *clients; /* room for KNOWN */
};

int unread_new(struct unread **unread, const struct family *family, int fd)
{
	size_t taken, room;
	*unread = NULL;
	if (!family->unread || family->unread(fd, &taken, &room) == -1)
		return 0;
	struct unread *made = calloc(1, sizeof(*made));
	if (made)
		made->clients = calloc(KNOWN, sizeof(*made->clients));
	if (!made || !made->clients) {
		free(made);
		return -1;
	}
	made->family = family;
	made->fd = fd;
	made->room = room;
	*unread = made;
	return 0;
}

void unread_free(struct unread *unread)
{
	if (unread)
		free(unread->clients);
	free(unread);
}

/* What the kernel charges for a message: its bytes in a block of memory, and what describes it. */
static size_t charge(size_t size)
{
	return 2 * size + 1024;
}

static struct client *find(struct unread *unread, const void *address, socklen_t length)
{
	for (unsigned i = 0; i < unread->count; i++) {
		struct client *each = &unread->clients[i];
		if (each->length == length && memcmp(&each->address, address, length) == 0)
			return each;
	}
	return NULL;
}

/* NULL: nobody holds anything. */
static struct client *holds_least(struct unread *unread)
{
	struct client *least = NULL;
	for (unsigned i = 0; i < unread->count; i++) {
		struct client *each = &unread->clients[i];
		if (each->held > 0 && (!least || each->held < least->held))
			least = each;
	}
	return least;
}

static void forget(struct unread *unread, struct client *client)
{
	unread->sum -= client->held;
	*client = unread->clients[--unread->count];
}

/* What is charged to the clients and not there any more was read. */
static void credit(struct unread *unread, size_t taken)
{
	size_t most = unread->base + unread->sum;
	size_t gone = most > taken ? most - taken : 0;
	while (gone > 0) {
		struct client *least = holds_least(unread);
		if (!least) {
			unread->base = taken;
			return;
		}
		if (least->held > gone) {
			least->held -= gone;
			unread->sum -= gone;
			return;
		}
		gone -= least->held;
		forget(unread, least);
	}
}

static void stop_watching(struct unread *unread)
{
	unread->watching = false;
	unread->unwatched = unread->count = 0;
	unread->base = unread->sum = 0;
}

/* Asks the kernel how much is unread in all; counting begins and ends by that. */
static size_t measure(struct unread *unread)
{
	size_t taken, room;
	if (unread->family->unread(unread->fd, &taken, &room) == -1)
		taken = 0;
	unread->unwatched = 0;
	if (!unread->watching && taken > unread->room / WATCH) {
		unread->watching = true;
		unread->base = taken;
	} else if (unread->watching && taken < unread->room / WATCH / 2) {
		stop_watching(unread);
	}
	return taken;
}

bool unread_may_send(struct unread *unread, const void *address, socklen_t length, size_t size)
{
	if (!unread->watching)
		return true;
	size_t taken = measure(unread);
	if (taken <= unread->room / CROWDED)
		return true;
	credit(unread, taken);
	size_t left = unread->room > taken ? unread->room - taken : 0;
	const struct client *client = find(unread, address, length);
	return client ? client->held + size <= left / SHARE : size <= left / 4 * 3;
}

void unread_sent(struct unread *unread, const void *address, socklen_t length, size_t size)
{
	if (!unread->watching) {
		unread->unwatched += charge(size);
		if (unread->unwatched > unread->room / WATCH)
			measure(unread);
		return;
	}
	struct client *client = find(unread, address, length);
	if (!client) {
		if (unread->count == KNOWN) {
			struct client *least = holds_least(unread);
			unread->base += least->held;
			forget(unread, least);
		}
		client = &unread->clients[unread->count++];
		memcpy(&client->address, address, length);
		client->length = length;
		client->held = 0;
	}
	client->held += charge(size);
	unread->sum += charge(size);
}
