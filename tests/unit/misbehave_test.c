#include "protocol/misbehave.h"

#include "base/clock.h"

#include "check.h"

#include <string.h>

#define LENGTH 20000

/* What one connection was sent: the faults are a function of it. */
struct outcome {
	unsigned char bytes[LENGTH];
	size_t length;
	unsigned counts[FAULTS];
	uint64_t cuts; /* of where writes of their own end */
	enum misbehave_then then;
	uint64_t end;
	int64_t last;
};

static struct misbehave_plan plan_of(const char *text, uint64_t seed)
{
	struct misbehave_plan plan = { .seed = seed };
	struct error error = { 0 };
	if (misbehave_plan_read(text, &plan, &error) == -1)
		check(false, "%s: %s", text, error.text);
	return plan;
}

static void enter(struct outcome *outcome, const struct misbehave_step *step,
		  const unsigned char *bytes)
{
	for (unsigned i = 0; i < step->copies; i++, outcome->length += step->length)
		memcpy(outcome->bytes + outcome->length, bytes, step->length);
	for (int fault = 0; fault < FAULTS; fault++)
		outcome->counts[fault] += (step->faults >> fault) & 1;
	if (step->apart)
		outcome->cuts = outcome->cuts * 31 + outcome->length;
	if (step->then != MISBEHAVE_ON) {
		outcome->then = step->then;
		outcome->end = outcome->length;
	}
	if (step->copies > 0)
		outcome->last = step->at;
}

static unsigned char byte_at(size_t offset)
{
	return (unsigned char)(offset * 7 + offset / 251);
}

/* A stream that comes in pieces of up to MOST bytes, each PAUSE after the one before. */
static void run_stream(const struct misbehave_plan *plan, uint64_t number, unsigned most,
		       int64_t pause, struct outcome *outcome)
{
	struct misbehave misbehave;
	int64_t now = 1000 * NSEC_PER_SEC;
	*outcome = (struct outcome){ 0 };
	misbehave_start(&misbehave, plan, misbehave_plan_fitting(true, false), number);
	struct misbehave_step step = misbehave_accepted(&misbehave);
	enter(outcome, &step, NULL);
	step = misbehave_served(&misbehave, now);
	enter(outcome, &step, NULL);
	for (size_t begin = 0, length; begin < LENGTH; begin += length, now += pause) {
		unsigned char piece[LENGTH];
		length = 1 + check_random(most);
		if (length > LENGTH - begin)
			length = LENGTH - begin;
		for (size_t i = 0; i < length; i++)
			piece[i] = byte_at(begin + i);
		for (size_t done = 0; done < length; done += step.used) {
			step = misbehave_stream(&misbehave, piece + done, length - done, now);
			enter(outcome, &step, piece + done);
		}
	}
}

static bool same(const struct outcome *a, const struct outcome *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0 &&
	       memcmp(a->counts, b->counts, sizeof(a->counts)) == 0 && a->cuts == b->cuts &&
	       a->then == b->then && a->end == b->end;
}

static void test_pieces(void)
{
	static const char *const plans[] = {
		"corrupt 20%",
		"slice 7",
		"slice 100,corrupt 3%,limit 12345",
		"reset 4096,corrupt 50%,delay 1ms 1ms",
		"half-close 1,slice 1",
		"limit 0",
		"rate 8M,stall 1s after 777,slice 64",
		"limit 100,reset 50,half-close 70",
		"limit 30000,corrupt 100%",
		"hang",
		"refuse 50%,corrupt 10%",
	};
	for (size_t i = 0; i < sizeof(plans) / sizeof(*plans); i++) {
		static struct outcome whole, pieces;
		bool good = true;
		for (uint64_t seed = 1; seed <= 10 && good; seed++) {
			struct misbehave_plan plan = plan_of(plans[i], seed);
			run_stream(&plan, seed % 3 + 1, LENGTH, 0, &whole);
			for (unsigned most = 1; most < LENGTH && good; most = most * 5 + 1) {
				run_stream(&plan, seed % 3 + 1, most, 1234567, &pieces);
				good = same(&whole, &pieces);
			}
		}
		check(good, "%s: the same in whatever pieces, whenever they come", plans[i]);
	}
}

static size_t differing(const struct outcome *outcome)
{
	size_t count = 0;
	for (size_t i = 0; i < outcome->length; i++)
		count += outcome->bytes[i] != byte_at(i);
	return count;
}

static void test_streams(void)
{
	static struct outcome got, other;
	struct misbehave_plan plan = plan_of("corrupt 10%", 1);
	run_stream(&plan, 1, 500, 0, &got);
	unsigned blocks = LENGTH / MISBEHAVE_BLOCK;
	check(got.length == LENGTH && differing(&got) == got.counts[FAULT_CORRUPT],
	      "each wrong byte is counted: %u", got.counts[FAULT_CORRUPT]);
	check(got.counts[FAULT_CORRUPT] > blocks / 20 && got.counts[FAULT_CORRUPT] < blocks / 5,
	      "about one block of ten: %u of %u", got.counts[FAULT_CORRUPT], blocks);
	run_stream(&plan, 2, 500, 0, &other);
	check(!same(&got, &other), "another connection has other faults");
	plan.seed = 2;
	run_stream(&plan, 1, 500, 0, &other);
	check(!same(&got, &other), "and so has another seed");
	plan = plan_of("corrupt 10%,slice 3,limit 15000", 1);
	run_stream(&plan, 1, 77, 0, &other);
	check(memcmp(got.bytes, other.bytes, 15000) == 0, "whatever other faults there are");
	check(other.counts[FAULT_SLICE] == 5000, "slices: %u", other.counts[FAULT_SLICE]);
	check(other.length == 15000 && other.then == MISBEHAVE_END &&
		      other.counts[FAULT_LIMIT] == 1,
	      "a limit: %zu bytes", other.length);
	plan = plan_of("limit 100,reset 50,half-close 70", 1);
	run_stream(&plan, 1, 1000, 0, &other);
	check(other.then == MISBEHAVE_RESET && other.length == 50 && !other.counts[FAULT_LIMIT],
	      "the first of several ends");
	plan = plan_of("corrupt 100%", 1);
	run_stream(&plan, 1, 1000, 0, &other);
	check(differing(&other) >= blocks && differing(&other) <= blocks + 1,
	      "100%%: one byte of each block: %zu", differing(&other));
}

static void test_times(void)
{
	struct misbehave misbehave;
	unsigned char bytes[1000] = { 0 };
	struct misbehave_plan plan = plan_of("rate 8k", 1);
	misbehave_start(&misbehave, &plan, misbehave_plan_fitting(true, false), 1);
	int64_t last = 0;
	bool paced = true;
	for (size_t done = 0; done < sizeof(bytes);) {
		struct misbehave_step step =
			misbehave_stream(&misbehave, bytes + done, sizeof(bytes) - done, 0);
		done += step.used;
		paced = paced && step.at - last == (int64_t)step.length * NSEC_PER_MSEC;
		last = step.at;
	}
	check(paced && last == NSEC_PER_SEC, "8k bits a second: 1000 bytes take %lld ns",
	      (long long)last);
	struct misbehave_step step = misbehave_stream(&misbehave, bytes, 10, 5 * NSEC_PER_SEC);
	check(step.at == 5 * NSEC_PER_SEC + 10 * NSEC_PER_MSEC, "silence is no credit");

	plan = plan_of("stall 2s after 100", 1);
	misbehave_start(&misbehave, &plan, misbehave_plan_fitting(true, false), 1);
	step = misbehave_stream(&misbehave, bytes, 1000, 0);
	check(step.used == 100 && step.at == 0 && step.faults == FAULT_BIT(FAULT_STALL),
	      "it stalls after 100 bytes");
	step = misbehave_stream(&misbehave, bytes, 900, 0);
	check(step.used == 900 && step.at == 2 * NSEC_PER_SEC && step.faults == 0, "and goes on");

	plan = plan_of("delay 20ms 5ms", 1);
	misbehave_start(&misbehave, &plan, misbehave_plan_fitting(false, true), 1);
	int64_t least = INT64_MAX, most = 0;
	for (int i = 0; i < 2000; i++) {
		int64_t now = i * NSEC_PER_SEC;
		step = misbehave_record(&misbehave, bytes, 10, now);
		least = step.at - now < least ? step.at - now : least;
		most = step.at - now > most ? step.at - now : most;
	}
	check(least >= 15 * NSEC_PER_MSEC && least < 15500000 && most <= 25 * NSEC_PER_MSEC &&
		      most > 24500000,
	      "from 15 to 25 ms: %lld to %lld", (long long)least, (long long)most);
	last = step.at;
	step = misbehave_record(&misbehave, bytes, 10, 1999 * NSEC_PER_SEC);
	check(step.at >= last, "but none before an earlier one");
}

static void test_messages(void)
{
	struct misbehave misbehave;
	unsigned counts[FAULTS] = { 0 }, wrong = 0, sent = 0;
	struct misbehave_plan plan = plan_of("loss 10%,duplicate 20%,corrupt 30%,truncate 20", 3);
	misbehave_start(&misbehave, &plan, misbehave_plan_fitting(false, true), 1);
	for (unsigned i = 0; i < 10000; i++) {
		unsigned char bytes[30] = { 0 }, bits = 0;
		struct misbehave_step step = misbehave_record(&misbehave, bytes, i % 31, 0);
		for (size_t k = 0; k < sizeof(bytes); k++)
			bits |= bytes[k];
		wrong += bits != 0;
		if (bits && (step.damaged >= step.length || bytes[step.damaged] != bits))
			check(false, "message %u: the wrong byte is not where it is said", i);
		sent += step.copies;
		for (int fault = 0; fault < FAULTS; fault++)
			counts[fault] += (step.faults >> fault) & 1;
		if (step.length > 20 && step.copies > 0)
			check(false, "message %u has %zu bytes", i, step.length);
	}
	check(sent == 10000 - counts[FAULT_LOSS] + counts[FAULT_DUPLICATE],
	      "lost and doubled add up: %u", sent);
	check(wrong == counts[FAULT_CORRUPT], "so many are damaged: %u", wrong);
	check(counts[FAULT_LOSS] > 900 && counts[FAULT_LOSS] < 1100, "a tenth is lost: %u",
	      counts[FAULT_LOSS]);
	check(counts[FAULT_DUPLICATE] > 1700 && counts[FAULT_DUPLICATE] < 1900,
	      "a fifth of the others comes twice: %u", counts[FAULT_DUPLICATE]);
}

/* The order in which five messages are sent, with what is held back for others. */
static void test_order(void)
{
	struct misbehave misbehave;
	unsigned char bytes[8] = { 0 };
	struct misbehave_plan plan = plan_of("reorder 100%", 1);
	misbehave_start(&misbehave, &plan, misbehave_plan_fitting(true, true), 1);
	struct misbehave_step step = misbehave_record(&misbehave, bytes, 8, 0);
	check(step.hold && step.faults == 0, "the first is held");
	step = misbehave_record(&misbehave, bytes, 8, 0);
	check(!step.hold && step.release && step.faults == FAULT_BIT(FAULT_REORDER) &&
		      step.released == 1,
	      "the second overtakes it");
	step = misbehave_record(&misbehave, bytes, 8, 0);
	check(step.hold && !step.release, "the third is held");
	misbehave_release(&misbehave);
	step = misbehave_record(&misbehave, bytes, 8, 0);
	check(step.hold && step.faults == 0, "once that has gone, the fourth");

	plan = plan_of("limit 20,reorder 100%", 1);
	misbehave_start(&misbehave, &plan, misbehave_plan_fitting(true, true), 1);
	step = misbehave_record(&misbehave, bytes, 8, 0);
	step = misbehave_record(&misbehave, bytes, 8, 0);
	check(step.release && step.then == MISBEHAVE_ON, "16 of 20 bytes");
	step = misbehave_record(&misbehave, bytes, 8, 0);
	check(step.copies == 0 && step.then == MISBEHAVE_END && !step.hold,
	      "a message is not cut: the end comes before it");
	step = misbehave_record(&misbehave, bytes, 8, 0);
	check(step.copies == 0 && step.used == 8 && step.then == MISBEHAVE_ON, "and only once");

	plan = plan_of("limit 16", 1);
	misbehave_start(&misbehave, &plan, misbehave_plan_fitting(true, true), 1);
	step = misbehave_record(&misbehave, bytes, 8, 0);
	step = misbehave_record(&misbehave, bytes, 8, 0);
	check(step.copies == 1 && step.then == MISBEHAVE_END, "or right after the last that fits");
}

/* Of 1000 connections. */
static void test_refuse(void)
{
	struct misbehave_plan plan = plan_of("refuse 25%", 9);
	unsigned refused = 0, again = 0;
	for (uint64_t number = 1; number <= 1000; number++) {
		struct misbehave misbehave;
		misbehave_start(&misbehave, &plan, misbehave_plan_fitting(true, false), number);
		struct misbehave_step step = misbehave_accepted(&misbehave);
		refused += step.then == MISBEHAVE_REFUSE;
		misbehave_start(&misbehave, &plan, misbehave_plan_fitting(true, true), number);
		again += misbehave_accepted(&misbehave).then == step.then;
	}
	check(refused > 200 && refused < 300, "about a quarter is refused: %u", refused);
	check(again == 1000, "the same ones of every type");
}

int main(void)
{
	test_pieces();
	test_streams();
	test_times();
	test_messages();
	test_order();
	test_refuse();
	return check_done();
}
