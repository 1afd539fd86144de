/*
 * An echo server on io_uring, by the system calls alone: uring_echo KIND WHERE, for streams only.
 * One io_uring_enter() a turn submits what the last one brought; each connection has a buffer. A
 * reply and the next read are linked, so that both go in together.
 */
#define _GNU_SOURCE
#include "place.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 4096
#define BUFFER (64 << 10)

struct connection {
	int fd;
	char buffer[BUFFER];
};

static struct {
	int fd, listener;
	unsigned *head, *tail, mask, waiting; /* of the submission queue */
	unsigned *completed, *reached, completed_mask;
	struct io_uring_sqe *entries;
	struct io_uring_cqe *completions;
} ring;

static void *map(size_t size, off_t what)
{
	void *place =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, what);
	if (place == MAP_FAILED)
		fail("mmap");
	return place;
}

static void set_up(void)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SINGLE_ISSUER |
						   IORING_SETUP_DEFER_TASKRUN };
	ring.fd = (int)syscall(__NR_io_uring_setup, ENTRIES, &params);
	if (ring.fd == -1 && errno == EINVAL) {
		memset(&params, 0, sizeof(params));
		ring.fd = (int)syscall(__NR_io_uring_setup, ENTRIES, &params);
	}
	if (ring.fd == -1)
		fail("io_uring_setup");
	char *queue =
		map(params.sq_off.array + params.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	char *done = map(params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
			 IORING_OFF_CQ_RING);
	ring.entries = map(params.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	ring.head = (unsigned *)(queue + params.sq_off.head);
	ring.tail = (unsigned *)(queue + params.sq_off.tail);
	ring.mask = *(unsigned *)(queue + params.sq_off.ring_mask);
	ring.completed = (unsigned *)(done + params.cq_off.head);
	ring.reached = (unsigned *)(done + params.cq_off.tail);
	ring.completed_mask = *(unsigned *)(done + params.cq_off.ring_mask);
	ring.completions = (struct io_uring_cqe *)(done + params.cq_off.cqes);
	unsigned *array = (unsigned *)(queue + params.sq_off.array);
	for (unsigned i = 0; i < params.sq_entries; i++)
		array[i] = i;
}

static void enter(unsigned wanted)
{
	long done = syscall(__NR_io_uring_enter, ring.fd, ring.waiting, wanted,
			    IORING_ENTER_GETEVENTS, NULL, 0);
	if (done == -1 && errno != EINTR)
		fail("io_uring_enter");
	ring.waiting -= done > 0 ? (unsigned)done : 0;
}

static struct io_uring_sqe *entry(int operation, int fd, void *about)
{
	while (*ring.tail - __atomic_load_n(ring.head, __ATOMIC_ACQUIRE) > ring.mask)
		enter(0);
	struct io_uring_sqe *entry = &ring.entries[*ring.tail & ring.mask];
	memset(entry, 0, sizeof(*entry));
	entry->opcode = (unsigned char)operation;
	entry->fd = fd;
	entry->user_data = (uintptr_t)about;
	__atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
	ring.waiting++;
	return entry;
}

static void await_message(struct connection *connection)
{
	struct io_uring_sqe *receive = entry(IORING_OP_RECV, connection->fd, connection);
	receive->addr = (uintptr_t)connection->buffer;
	receive->len = BUFFER;
}

static void answer(struct connection *connection, unsigned length)
{
	/* a link must not be cut by the end of the queue */
	if (*ring.tail - __atomic_load_n(ring.head, __ATOMIC_ACQUIRE) >= ring.mask)
		enter(0);
	struct io_uring_sqe *reply = entry(IORING_OP_SEND, connection->fd, NULL);
	reply->addr = (uintptr_t)connection->buffer;
	reply->len = length;
	reply->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
	reply->flags = IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
	await_message(connection);
}

static void await_connection(void)
{
	entry(IORING_OP_ACCEPT, ring.listener, &ring);
}

static void accepted(int fd)
{
	struct connection *connection = fd >= 0 ? malloc(sizeof(*connection)) : NULL;
	await_connection();
	if (!connection)
		return;
	connection->fd = fd;
	await_message(connection);
}

static void received(struct connection *connection, int got)
{
	if (got > 0) {
		answer(connection, (unsigned)got);
		return;
	}
	close(connection->fd);
	free(connection);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	struct place place = place_read(argv[1], argv[2]);
	set_up();
	ring.listener = place_listen(&place);
	await_connection();
	for (;;) {
		enter(1);
		unsigned at = *ring.completed;
		for (; at != __atomic_load_n(ring.reached, __ATOMIC_ACQUIRE); at++) {
			struct io_uring_cqe *done = &ring.completions[at & ring.completed_mask];
			void *about = (void *)(uintptr_t)done->user_data;
			if (about == &ring)
				accepted(done->res);
			else if (about) /* else a send that failed; its read fails as well */
				received(about, done->res);
		}
		__atomic_store_n(ring.completed, at, __ATOMIC_RELEASE);
	}
}
