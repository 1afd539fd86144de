#include "protocol/misbehave.h"

#include "base/clock.h"

/* With a rate, so much is sent at once as passes in this time. */
#define PACE (10 * NSEC_PER_MSEC)
#define MOST_AT_ONCE 16384

/* Draws for one place are told apart by what they are for. */
enum draw { DRAW_WHETHER, DRAW_WHICH = 32 };

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): SplitMix64. */
#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t bits)
{
	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return bits ^ (bits >> 31);
}

/* The same number for the same place, whatever was drawn before. */
static uint64_t draw(const struct misbehave *misbehave, enum fault fault, enum draw what,
		     uint64_t place)
{
	uint64_t purpose = (uint64_t)fault + (uint64_t)what + 1;
	return mix(mix(misbehave->key + place * GOLDEN) + purpose * GOLDEN);
}

static bool has(const struct misbehave *misbehave, enum fault fault)
{
	return misbehave->faults & FAULT_BIT(fault);
}

static bool happens(const struct misbehave *misbehave, enum fault fault, uint64_t place)
{
	return has(misbehave, fault) &&
	       draw(misbehave, fault, DRAW_WHETHER, place) >> 11 < misbehave->plan->chance[fault];
}

void misbehave_start(struct misbehave *misbehave, const struct misbehave_plan *plan,
		     unsigned faults, uint64_t number)
{
	*misbehave = (struct misbehave){
		.plan = plan,
		.faults = plan->faults & faults,
		.key = mix(mix(plan->seed + GOLDEN) + number * GOLDEN),
		.last = INT64_MIN,
	};
}

struct misbehave_step misbehave_accepted(struct misbehave *misbehave)
{
	struct misbehave_step step = { .at = INT64_MIN };
	if (happens(misbehave, FAULT_REFUSE, 0)) {
		step.then = MISBEHAVE_REFUSE;
		step.faults = FAULT_BIT(FAULT_REFUSE);
	} else if (has(misbehave, FAULT_HANG)) {
		step.then = MISBEHAVE_HANG;
		step.faults = FAULT_BIT(FAULT_HANG);
	}
	misbehave->over = step.then != MISBEHAVE_ON;
	return step;
}

/* An end that comes after so many bytes, and what it does. */
static const struct {
	enum fault fault;
	enum misbehave_then then;
} ends[] = {
	{ FAULT_RESET, MISBEHAVE_RESET },
	{ FAULT_LIMIT, MISBEHAVE_END },
	{ FAULT_HALF_CLOSE, MISBEHAVE_HALF_CLOSE },
};
#define ENDS (sizeof(ends) / sizeof(*ends))
#define END_BITS (FAULT_BIT(FAULT_RESET) | FAULT_BIT(FAULT_LIMIT) | FAULT_BIT(FAULT_HALF_CLOSE))

/*
 * The first end that has been reached, if any has: its bytes are answered, or MORE than that, a
 * message that cannot be cut, would go beyond.
 */
static void arrive(struct misbehave *misbehave, struct misbehave_step *step, uint64_t more)
{
	uint64_t first = UINT64_MAX, reach = misbehave->position + more;
	for (size_t i = 0; i < ENDS; i++) {
		uint64_t bytes = misbehave->plan->bytes[ends[i].fault];
		bool reached = more > 0 ? reach > bytes : reach >= bytes;
		if (!has(misbehave, ends[i].fault) || !reached || bytes >= first)
			continue;
		first = bytes;
		step->then = ends[i].then;
		step->faults = (step->faults & ~END_BITS) | FAULT_BIT(ends[i].fault);
		misbehave->over = true;
	}
}

/* It stands still, once, when so many bytes are answered; the last of them at NOW. */
static void stall(struct misbehave *misbehave, struct misbehave_step *step, int64_t now)
{
	if (!has(misbehave, FAULT_STALL) ||
	    misbehave->position < misbehave->plan->bytes[FAULT_STALL])
		return;
	misbehave->last = now + misbehave->plan->stall;
	misbehave->faults &= ~FAULT_BIT(FAULT_STALL);
	step->faults |= FAULT_BIT(FAULT_STALL);
}

struct misbehave_step misbehave_served(struct misbehave *misbehave, int64_t now)
{
	struct misbehave_step step = { .at = now };
	if (misbehave->over)
		return step;
	arrive(misbehave, &step, 0);
	stall(misbehave, &step, now);
	return step;
}

/* By how much the reply at PLACE, a message's or a block's number, is late. */
static int64_t delay_of(const struct misbehave *misbehave, uint64_t place)
{
	const struct misbehave_plan *plan = misbehave->plan;
	if (!has(misbehave, FAULT_DELAY))
		return 0;
	uint64_t width = 2 * (uint64_t)plan->jitter + 1;
	uint64_t within = draw(misbehave, FAULT_DELAY, DRAW_WHICH, place) % width;
	return plan->delay - plan->jitter + (int64_t)within;
}

/* How long LENGTH bytes take at the plan's rate. */
static int64_t time_of(const struct misbehave *misbehave, size_t length)
{
	double bits = 8.0 * (double)length;
	return (int64_t)(bits / (double)misbehave->plan->rate * (double)NSEC_PER_SEC);
}

/* When LENGTH bytes may go: not before DUE, nor before what came earlier. */
static int64_t schedule(struct misbehave *misbehave, int64_t due, size_t length)
{
	if (due < misbehave->last)
		due = misbehave->last;
	if (has(misbehave, FAULT_RATE))
		due += time_of(misbehave, length);
	misbehave->last = due;
	return due;
}

static size_t least(uint64_t a, uint64_t b)
{
	return (size_t)(a < b ? a : b);
}

/* Up to the next multiple of STEP. */
static size_t up_to(uint64_t position, uint64_t step, size_t length)
{
	return least(step - position % step, length);
}

uint64_t misbehave_left(const struct misbehave *misbehave)
{
	uint64_t left = UINT64_MAX;
	for (size_t i = 0; i < ENDS; i++) {
		uint64_t bytes = misbehave->plan->bytes[ends[i].fault];
		if (has(misbehave, ends[i].fault) && bytes >= misbehave->position &&
		    bytes - misbehave->position < left)
			left = bytes - misbehave->position;
	}
	return left;
}

/* How many of LENGTH bytes can be dealt with alike. */
static size_t part_of(const struct misbehave *misbehave, size_t length)
{
	const struct misbehave_plan *plan = misbehave->plan;
	uint64_t position = misbehave->position;
	length = least(misbehave_left(misbehave), length);
	if (has(misbehave, FAULT_CORRUPT) || has(misbehave, FAULT_DELAY))
		length = up_to(position, MISBEHAVE_BLOCK, length);
	if (has(misbehave, FAULT_SLICE))
		length = up_to(position, plan->bytes[FAULT_SLICE], length);
	if (has(misbehave, FAULT_STALL) && plan->bytes[FAULT_STALL] > position)
		length = least(plan->bytes[FAULT_STALL] - position, length);
	if (has(misbehave, FAULT_RATE)) {
		uint64_t pace = plan->rate / 8 / (uint64_t)(NSEC_PER_SEC / PACE);
		length = least(pace < 1 ? 1 : pace < MOST_AT_ONCE ? pace : MOST_AT_ONCE, length);
	}
	return length;
}

/* One bit of a chosen block is wrong, if its byte is among these LENGTH. */
static void corrupt_block(struct misbehave *misbehave, struct misbehave_step *step,
			  unsigned char *bytes, size_t length)
{
	uint64_t block = misbehave->position / MISBEHAVE_BLOCK;
	if (!happens(misbehave, FAULT_CORRUPT, block))
		return;
	uint64_t bit = draw(misbehave, FAULT_CORRUPT, DRAW_WHICH, block) % (8 * MISBEHAVE_BLOCK);
	uint64_t offset = block * MISBEHAVE_BLOCK + bit / 8;
	if (offset < misbehave->position || offset - misbehave->position >= length)
		return;
	bytes[offset - misbehave->position] ^= (unsigned char)(1u << bit % 8);
	step->damaged = offset;
	step->faults |= FAULT_BIT(FAULT_CORRUPT);
}

struct misbehave_step misbehave_stream(struct misbehave *misbehave, unsigned char *bytes,
				       size_t length, int64_t now)
{
	struct misbehave_step step = { .used = length, .place = misbehave->position, .at = now };
	uint64_t before = misbehave->position;
	if (misbehave->over || length == 0)
		return step;
	step.used = step.length = length = part_of(misbehave, length);
	step.copies = 1;
	corrupt_block(misbehave, &step, bytes, length);
	if (has(misbehave, FAULT_DELAY) && before % MISBEHAVE_BLOCK == 0)
		step.faults |= FAULT_BIT(FAULT_DELAY);
	if (has(misbehave, FAULT_RATE) && before == 0)
		step.faults |= FAULT_BIT(FAULT_RATE);
	step.at = schedule(misbehave, now + delay_of(misbehave, before / MISBEHAVE_BLOCK), length);
	misbehave->position += length;
	step.place = misbehave->position;
	if (has(misbehave, FAULT_SLICE) &&
	    misbehave->position % misbehave->plan->bytes[FAULT_SLICE] == 0) {
		step.apart = true;
		step.faults |= FAULT_BIT(FAULT_SLICE);
	}
	arrive(misbehave, &step, 0);
	stall(misbehave, &step, step.at);
	return step;
}

static void corrupt_message(struct misbehave *misbehave, struct misbehave_step *step,
			    unsigned char *bytes)
{
	if (step->length == 0 || !happens(misbehave, FAULT_CORRUPT, step->place))
		return;
	uint64_t bit = draw(misbehave, FAULT_CORRUPT, DRAW_WHICH, step->place) % (8 * step->length);
	bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	step->damaged = bit / 8;
	step->faults |= FAULT_BIT(FAULT_CORRUPT);
}

/* What is held goes after this; or this is held, for the next one to overtake it. */
static void reorder(struct misbehave *misbehave, struct misbehave_step *step)
{
	if (misbehave->held > 0) {
		step->release = true;
		step->released = misbehave->held;
		if (step->copies > 0)
			step->faults |= FAULT_BIT(FAULT_REORDER);
		misbehave->held = 0;
	} else if (step->then == MISBEHAVE_ON && happens(misbehave, FAULT_REORDER, step->place)) {
		step->hold = true;
		misbehave->held = step->place;
	}
}

struct misbehave_step misbehave_record(struct misbehave *misbehave, unsigned char *bytes,
				       size_t length, int64_t now)
{
	struct misbehave_step step = { .used = length, .length = length, .at = now };
	uint64_t before = misbehave->position;
	if (misbehave->over)
		return step;
	step.place = ++misbehave->messages;
	if (happens(misbehave, FAULT_LOSS, step.place)) {
		step.faults = FAULT_BIT(FAULT_LOSS);
		return step;
	}
	if (has(misbehave, FAULT_TRUNCATE) && length > misbehave->plan->bytes[FAULT_TRUNCATE]) {
		step.length = (size_t)misbehave->plan->bytes[FAULT_TRUNCATE];
		step.faults |= FAULT_BIT(FAULT_TRUNCATE);
	}
	if (step.length > misbehave_left(misbehave)) {
		step.faults = 0;
		arrive(misbehave, &step, step.length);
		reorder(misbehave, &step);
		return step;
	}
	step.copies = 1;
	corrupt_message(misbehave, &step, bytes);
	if (happens(misbehave, FAULT_DUPLICATE, step.place)) {
		step.copies = 2;
		step.faults |= FAULT_BIT(FAULT_DUPLICATE);
	}
	if (has(misbehave, FAULT_DELAY))
		step.faults |= FAULT_BIT(FAULT_DELAY);
	if (has(misbehave, FAULT_RATE) && before == 0 && step.length > 0)
		step.faults |= FAULT_BIT(FAULT_RATE);
	step.at = schedule(misbehave, now + delay_of(misbehave, step.place), step.length);
	misbehave->position += step.length;
	arrive(misbehave, &step, 0);
	reorder(misbehave, &step);
	stall(misbehave, &step, step.at);
	return step;
}

void misbehave_release(struct misbehave *misbehave)
{
	misbehave->held = 0;
}
