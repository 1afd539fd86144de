#include "net/loop.h"

#include "base/clock.h"
#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MANY = 500 };

/* A pipe or a socket with its watch, and what was reported of it. */
struct end {
	struct watch watch; /* first: the loop gives back a pointer to this */
	int other;          /* the descriptor at the far side */
	int calls;
	unsigned events; /* of the last call */
	bool drains;     /* reads what is there */
	void (*then)(struct end *end);
	struct end *target;
};

static struct loop *loop;
static const char *mode;

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(2);
}

static bool ready(struct watch *watch, unsigned events)
{
	struct end *end = (struct end *)watch;
	char bytes[256];
	/* a spinning loop asks again whether there is more: then there may be nothing */
	ssize_t count = end->drains ? read(watch->fd, bytes, sizeof(bytes)) : 1;
	if (count == -1)
		return false;
	end->calls++;
	end->events = events;
	if (end->then)
		end->then(end);
	return true;
}

static void nonblocking(int fd)
{
	must(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
}

static void open_pipe(struct end *end)
{
	int ends[2];
	must(pipe(ends) == 0, "pipe");
	nonblocking(ends[0]);
	nonblocking(ends[1]);
	*end = (struct end){
		.watch = { .fd = ends[0], .ready = ready },
		.other = ends[1],
		.drains = true,
	};
}

static void open_pair(struct end *end)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	nonblocking(ends[0]);
	nonblocking(ends[1]);
	*end = (struct end){ .watch = { .fd = ends[0], .ready = ready }, .other = ends[1] };
}

static void shut(struct end *end)
{
	close(end->watch.fd);
	if (end->other != -1)
		close(end->other);
}

static void feed(struct end *end)
{
	must(write(end->other, "x", 1) == 1, "write");
}

static void turns(int count)
{
	while (count-- > 0)
		loop_turn(loop, clock_now());
}

static void test_reading(void)
{
	struct end end;
	open_pipe(&end);
	must(loop_add(loop, &end.watch, LOOP_READ) == 0, "loop_add");
	turns(3);
	check(end.calls == 0, "%s: nothing to read, nothing is reported", mode);
	feed(&end);
	turns(3);
	check(end.calls == 1 && end.events == LOOP_READ, "%s: a byte is reported once", mode);
	end.drains = false;
	feed(&end);
	turns(3);
	check(end.calls >= 3, "%s: what is not dealt with is reported again", mode);
	loop_remove(loop, &end.watch);
	end.calls = 0;
	turns(3);
	check(end.calls == 0, "%s: a watch that was removed is silent", mode);
	must(loop_add(loop, &end.watch, LOOP_READ) == 0, "loop_add");
	turns(2);
	check(end.calls > 0, "%s: and can be added again", mode);
	loop_remove(loop, &end.watch);
	shut(&end);
}

static void remove_target(struct end *end)
{
	if (!end->target)
		return;
	struct end *target = end->target;
	target->target = NULL; /* the first one of the two removes the other */
	end->target = NULL;
	loop_remove(loop, &target->watch);
}

static void remove_and_add_target(struct end *end)
{
	struct end *target = end->target;
	remove_target(end);
	if (target)
		must(loop_add(loop, &target->watch, LOOP_READ) == 0, "loop_add");
}

static void want_nothing_of_target(struct end *end)
{
	struct end *target = end->target;
	if (target)
		must(loop_want(loop, &target->watch, 0) == 0, "loop_want");
	if (target)
		target->target = end->target = NULL;
}

/* Two that are ready in the same turn; the first to be called does something to the other. */
static void two_in_a_turn(struct end *one, struct end *other, void (*then)(struct end *))
{
	open_pipe(one);
	open_pipe(other);
	one->then = other->then = then;
	one->target = other;
	other->target = one;
	must(loop_add(loop, &one->watch, LOOP_READ) == 0, "loop_add");
	must(loop_add(loop, &other->watch, LOOP_READ) == 0, "loop_add");
	turns(2); /* here a spinning loop looks whether anything is there */
	feed(one);
	feed(other);
	turns(1);
}

static void test_removed_in_turn(void)
{
	struct end one, other;
	two_in_a_turn(&one, &other, remove_target);
	check(one.calls + other.calls == 1,
	      "%s: one removed earlier in the same turn does not fire", mode);
	turns(3);
	check(one.calls + other.calls == 1, "%s: nor in a later one", mode);
	loop_remove(loop, one.calls ? &one.watch : &other.watch);
	shut(&one);
	shut(&other);

	two_in_a_turn(&one, &other, remove_and_add_target);
	turns(3);
	check(one.calls == 1 && other.calls == 1, "%s: removed and added, it fires once (%d, %d)",
	      mode, one.calls, other.calls);
	loop_remove(loop, &one.watch);
	loop_remove(loop, &other.watch);
	shut(&one);
	shut(&other);

	two_in_a_turn(&one, &other, want_nothing_of_target);
	turns(3);
	check(one.calls + other.calls == 1,
	      "%s: one made to want nothing earlier in the turn is not reported", mode);
	loop_remove(loop, &one.watch);
	loop_remove(loop, &other.watch);
	shut(&one);
	shut(&other);
}

static void remove_and_close(struct end *end)
{
	loop_remove(loop, &end->watch);
	close(end->watch.fd);
}

static void test_removes_itself(void)
{
	struct end end;
	open_pipe(&end);
	end.then = remove_and_close;
	must(loop_add(loop, &end.watch, LOOP_READ) == 0, "loop_add");
	feed(&end);
	turns(4);
	check(end.calls == 1, "%s: it may remove and close itself", mode);
	close(end.other);
}

/* The processor time that this process has used, in nanoseconds. */
static int64_t processor_time(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NSEC_PER_SEC +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * NSEC_PER_USEC;
}

static void test_wants_nothing(void)
{
	const int64_t wait = 100 * NSEC_PER_MSEC;
	struct end end;
	int turned = 0;
	open_pair(&end);
	must(loop_add(loop, &end.watch, LOOP_READ) == 0, "loop_add");
	must(loop_want(loop, &end.watch, 0) == 0, "loop_want");
	feed(&end);
	close(end.other);
	end.other = -1;

	int64_t used = processor_time();
	int64_t until = clock_now() + wait;
	for (; clock_now() < until; turned++)
		loop_turn(loop, until);
	used = processor_time() - used;
	check(end.calls == 0, "%s: wanting nothing, it reports neither bytes nor hang-up", mode);
	check(turned < 20 && used < wait / 2, "%s: nor does it spin (%d turns, %d us of processor)",
	      mode, turned, (int)(used / NSEC_PER_USEC));
	must(loop_want(loop, &end.watch, LOOP_READ) == 0, "loop_want");
	turns(2);
	check(end.calls > 0 && end.events == LOOP_READ, "%s: wanted again, it is reported", mode);
	loop_remove(loop, &end.watch);
	must(loop_add(loop, &end.watch, 0) == 0, "loop_add");
	end.calls = 0;
	turns(2);
	check(end.calls == 0, "%s: added for nothing, it is not", mode);
	loop_remove(loop, &end.watch);
	shut(&end);
}

static void test_writing(void)
{
	char bytes[4096] = "";
	struct end end;
	open_pair(&end);
	must(loop_add(loop, &end.watch, LOOP_READ | LOOP_WRITE) == 0, "loop_add");
	turns(2);
	check(end.calls > 0 && end.events == LOOP_WRITE,
	      "%s: room to write is reported, and that alone", mode);
	feed(&end);
	turns(2);
	check(end.events == (LOOP_READ | LOOP_WRITE), "%s: both are reported together", mode);
	must(read(end.watch.fd, bytes, 1) == 1, "read");
	while (write(end.watch.fd, bytes, sizeof(bytes)) > 0)
		;
	must(loop_want(loop, &end.watch, LOOP_WRITE) == 0, "loop_want");
	turns(12); /* whatever was seen as busy has calmed down */
	end.calls = 0;
	turns(3);
	check(end.calls == 0, "%s: a full one is not reported for writing", mode);
	while (read(end.other, bytes, sizeof(bytes)) > 0)
		;
	turns(2);
	check(end.calls > 0 && end.events == LOOP_WRITE, "%s: once there is room, it is", mode);
	loop_remove(loop, &end.watch);
	shut(&end);
}

/* Wanted for writing alone and always ready: nothing else may be reported of it. */
static void test_writing_only(void)
{
	struct end end;
	bool good = true;
	open_pair(&end);
	must(loop_add(loop, &end.watch, LOOP_WRITE) == 0, "loop_add");
	for (int i = 0; i < 20; i++) {
		end.events = LOOP_WRITE;
		turns(1);
		good = good && end.events == LOOP_WRITE;
	}
	check(good, "%s: one that only wants to write is never told to read", mode);
	loop_remove(loop, &end.watch);
	shut(&end);
}

static void test_hang_up(void)
{
	struct end end;
	open_pair(&end);
	must(loop_add(loop, &end.watch, LOOP_READ | LOOP_WRITE) == 0, "loop_add");
	close(end.other);
	end.other = -1;
	turns(1);
	check(end.events == (LOOP_READ | LOOP_WRITE), "%s: broken, it reports all it wants", mode);
	loop_remove(loop, &end.watch);
	shut(&end);

	open_pipe(&end); /* here the hang-up comes alone: there is nothing to read */
	must(loop_add(loop, &end.watch, LOOP_READ) == 0, "loop_add");
	close(end.other);
	end.other = -1;
	turns(1);
	check(end.calls == 1 && end.events == LOOP_READ, "%s: a pipe's end is reported", mode);
	loop_remove(loop, &end.watch);
	shut(&end);
}

static void test_many(void)
{
	static struct end ends[MANY];
	bool good = true;
	int opened = 0;
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < 2 * MANY + 50 && limit.rlim_max >= 2 * MANY + 50) {
		limit.rlim_cur = 2 * MANY + 50;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur < 2 * MANY + 50) {
		check_skip("500 pipes", "the descriptor limit is too low");
		return;
	}
	for (; opened < MANY; opened++) {
		open_pipe(&ends[opened]);
		good = good && loop_add(loop, &ends[opened].watch, LOOP_READ) == 0;
		feed(&ends[opened]);
	}
	check(good, "%s: %d are taken", mode, MANY);
	turns(5);
	for (int i = 0; i < MANY; i++)
		good = good && ends[i].calls == 1;
	check(good, "%s: each of %d that are ready is called, once", mode, MANY);
	for (int i = 0; i < MANY; i += 2)
		loop_remove(loop, &ends[i].watch);
	for (int i = 0; i < MANY; i++)
		feed(&ends[i]);
	turns(5);
	for (int i = 0; i < MANY; i++)
		good = good && ends[i].calls == 1 + i % 2;
	check(good, "%s: with every second removed, the others alone are called", mode);
	for (int i = 0; i < MANY; i++) {
		ends[i].drains = false;
		ends[i].calls = 0;
		if (i % 2 == 0)
			good = good && loop_add(loop, &ends[i].watch, LOOP_READ) == 0;
		feed(&ends[i]);
	}
	turns(5);
	for (int i = 0; i < MANY; i++)
		good = good && ends[i].calls > 0;
	check(good, "%s: none of %d that stay ready is left out for long", mode, MANY);
	for (int i = 0; i < MANY; i++) {
		loop_remove(loop, &ends[i].watch);
		shut(&ends[i]);
	}
}

static void test_time(void)
{
	const int64_t wait = 30 * NSEC_PER_MSEC;
	struct end end;
	open_pipe(&end);
	must(loop_add(loop, &end.watch, LOOP_READ) == 0, "loop_add");
	int64_t before = clock_now();
	loop_turn(loop, before - NSEC_PER_SEC);
	check(clock_now() - before < NSEC_PER_SEC, "%s: a past moment is not waited for", mode);
	before = clock_now();
	loop_turn(loop, before + wait);
	check(clock_now() - before >= wait, "%s: with nothing to do, it waits that long", mode);
	feed(&end);
	loop_turn(loop, NEVER);
	check(end.calls == 1, "%s: without a limit it waits for what comes", mode);
	feed(&end);
	loop_turn(loop, clock_now() - NSEC_PER_SEC);
	check(end.calls == 2, "%s: past or not, what is ready is called", mode);
	loop_remove(loop, &end.watch);
	shut(&end);
}

/* One that is always ready, beside one that is ready once in a while. */
static void test_no_starving(void)
{
	struct end hot, calm;
	int waited = 0;
	open_pipe(&hot);
	open_pipe(&calm);
	hot.drains = false;
	feed(&hot);
	must(loop_add(loop, &hot.watch, LOOP_READ) == 0, "loop_add");
	must(loop_add(loop, &calm.watch, LOOP_READ) == 0, "loop_add");
	turns(50);
	check(hot.calls >= 50, "%s: one that is always ready is called in every turn", mode);
	for (int i = 0; i < 10; i++) {
		int before = calm.calls;
		feed(&calm);
		for (int j = 0; j < 1000 && calm.calls == before; j++, waited++)
			turns(1);
	}
	check(calm.calls == 10 && waited <= 10 * 20,
	      "%s: and does not starve another, which waited %d turns for 10 calls", mode, waited);
	loop_remove(loop, &hot.watch);
	loop_remove(loop, &calm.watch);
	shut(&hot);
	shut(&calm);
}

static void test_all(int64_t length, const char *name)
{
	struct error error;
	char text[64];
	snprintf(text, sizeof(text), "%s, %s", loop_name(), name);
	mode = text;

	loop = loop_new(length, &error);
	if (!check(loop != NULL, "%s: there is a loop", mode))
		return;
	test_reading();
	test_removed_in_turn();
	test_removes_itself();
	test_wants_nothing();
	test_writing();
	test_writing_only();
	test_hang_up();
	test_many();
	test_time();
	test_no_starving();
	loop_free(loop);
}

int main(void)
{
	alarm(60); /* better dead than stuck */
	test_all(0, "no spin");
	test_all(50 * NSEC_PER_USEC, "spin 50 us");
	test_all(5 * NSEC_PER_MSEC, "spin 5 ms");
	return check_done();
}
