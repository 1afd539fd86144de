#include "protocol/misbehave_plan.h"

#include "base/clock.h"
#include "base/quantity.h"

#include <stdio.h>
#include <string.h>

/* The longest time that can be asked for, and the greatest number. */
#define LONGEST (3600 * NSEC_PER_SEC)
#define GREATEST (INT64_C(1) << 40)

/* Room for one fault as it is typed. */
#define PART 80
#define WORDS 5

static int take_chance(struct misbehave_plan *, enum fault, char *const *words, int count);
static int take_bytes(struct misbehave_plan *, enum fault, char *const *words, int count);
static int take_delay(struct misbehave_plan *, enum fault, char *const *words, int count);
static int take_rate(struct misbehave_plan *, enum fault, char *const *words, int count);
static int take_stall(struct misbehave_plan *, enum fault, char *const *words, int count);
static int take_nothing(struct misbehave_plan *, enum fault, char *const *words, int count);

enum { STREAM = 1, DGRAM = 2, SEQPACKET = 4 };

#define PERCENT "P%, from 0% to 100%"
#define BYTES "BYTES, a whole number up to 1024Gi (with k M G Ki Mi Gi)"

/* In the order of enum fault. */
static const struct {
	const char *name;
	unsigned types;
	/* Takes the words after the name; -1 where they are not what ALLOWED says. */
	int (*take)(struct misbehave_plan *plan, enum fault fault, char *const *words, int count);
	const char *allowed;
	uint64_t least; /* of BYTES */
} faults[FAULTS] = {
	{ "loss", DGRAM | SEQPACKET, take_chance, PERCENT, 0 },
	{ "duplicate", DGRAM | SEQPACKET, take_chance, PERCENT, 0 },
	{ "reorder", DGRAM | SEQPACKET, take_chance, PERCENT, 0 },
	{ "truncate", DGRAM | SEQPACKET, take_bytes, BYTES, 0 },
	{ "corrupt", STREAM | DGRAM | SEQPACKET, take_chance, PERCENT, 0 },
	{ "delay", STREAM | DGRAM | SEQPACKET, take_delay,
	  "TIME and perhaps a JITTER not above it, each up to 1h (with us ms s m h; else seconds)",
	  0 },
	{ "slice", STREAM, take_bytes, BYTES ", at least 1", 1 },
	{ "rate", STREAM | SEQPACKET, take_rate,
	  "BITS a second, from 8 to 1024Gi (with k M G Ki Mi Gi)", 0 },
	{ "limit", STREAM | SEQPACKET, take_bytes, BYTES, 0 },
	{ "reset", STREAM | SEQPACKET, take_bytes, BYTES, 0 },
	{ "half-close", STREAM | SEQPACKET, take_bytes, BYTES, 0 },
	{ "stall", STREAM | SEQPACKET, take_stall,
	  "TIME after BYTES: up to 1h (with us ms s m h; else seconds), up to 1024Gi", 0 },
	{ "hang", STREAM | SEQPACKET, take_nothing, "nothing", 0 },
	{ "refuse", STREAM | SEQPACKET, take_chance, PERCENT, 0 },
};

const char *fault_name(enum fault fault)
{
	return faults[fault].name;
}

enum fault fault_first(unsigned set)
{
	int fault = 0;
	while (!(set & FAULT_BIT(fault)))
		fault++;
	return (enum fault)fault;
}

unsigned misbehave_plan_fitting(bool connected, bool records)
{
	unsigned type = !connected ? DGRAM : records ? SEQPACKET : STREAM;
	unsigned set = 0;
	for (int fault = 0; fault < FAULTS; fault++)
		if (faults[fault].types & type)
			set |= FAULT_BIT(fault);
	return set;
}

static int take_chance(struct misbehave_plan *plan, enum fault fault, char *const *words, int count)
{
	double part;
	if (count != 1 || quantity_percent(words[0], &part) == -1)
		return -1;
	plan->chance[fault] = (uint64_t)(part * (double)MISBEHAVE_SURE);
	return 0;
}

static int read_bytes(const char *text, uint64_t least, uint64_t *bytes)
{
	int64_t number;
	if (quantity_count(text, "B", &number) == -1 || number > GREATEST ||
	    (uint64_t)number < least)
		return -1;
	*bytes = (uint64_t)number;
	return 0;
}

static int take_bytes(struct misbehave_plan *plan, enum fault fault, char *const *words, int count)
{
	return count == 1 ? read_bytes(words[0], faults[fault].least, &plan->bytes[fault]) : -1;
}

static int read_time(const char *text, int64_t *time)
{
	return quantity_time(text, NSEC_PER_SEC, time) == -1 || *time > LONGEST ? -1 : 0;
}

static int take_delay(struct misbehave_plan *plan, enum fault fault, char *const *words, int count)
{
	(void)fault;
	if (count < 1 || count > 2 || read_time(words[0], &plan->delay) == -1)
		return -1;
	if (count == 2 && read_time(words[1], &plan->jitter) == -1)
		return -1;
	return plan->jitter > plan->delay ? -1 : 0;
}

static int take_rate(struct misbehave_plan *plan, enum fault fault, char *const *words, int count)
{
	int64_t number;
	(void)fault;
	if (count != 1 || quantity_count(words[0], "bit", &number) == -1 || number < 8 ||
	    number > GREATEST)
		return -1;
	plan->rate = (uint64_t)number;
	return 0;
}

static int take_stall(struct misbehave_plan *plan, enum fault fault, char *const *words, int count)
{
	if (count != 3 || strcmp(words[1], "after") != 0 || read_time(words[0], &plan->stall) == -1)
		return -1;
	return read_bytes(words[2], 0, &plan->bytes[fault]);
}

static int take_nothing(struct misbehave_plan *plan, enum fault fault, char *const *words,
			int count)
{
	(void)plan, (void)fault, (void)words;
	return count == 0 ? 0 : -1;
}

/* Cuts PART into its words, in place; how many, WORDS at most. */
static int cut(char *part, char **words)
{
	int count = 0;
	for (char *at = part; count < WORDS; count++) {
		at += strspn(at, " ");
		if (*at == '\0')
			break;
		words[count] = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = '\0';
	}
	return count;
}

static int fault_by_name(const char *name)
{
	int fault = 0;
	while (fault < FAULTS && strcmp(name, faults[fault].name) != 0)
		fault++;
	return fault;
}

static int fail_name(const char *part, struct error *error)
{
	error_set(error, STATUS_USAGE, "'%s' begins with none of ", part);
	for (int fault = 0; fault < FAULTS; fault++)
		error_append(error, "%s%s", fault > 0 ? ", " : "", faults[fault].name);
	return -1;
}

static int read_part(const char *text, size_t length, struct misbehave_plan *plan,
		     struct error *error)
{
	char part[PART], typed[PART];
	char *words[WORDS];
	snprintf(typed, sizeof(typed), "%.*s", (int)(length < PART ? length : PART - 1), text);
	memcpy(part, typed, sizeof(part));
	int count = cut(part, words);
	int fault = count > 0 && length < PART ? fault_by_name(words[0]) : FAULTS;
	if (fault == FAULTS)
		return fail_name(typed, error);
	if (plan->faults & FAULT_BIT(fault))
		return error_set(error, STATUS_USAGE, "'%s': %s is there already", typed, words[0]);
	if (faults[fault].take(plan, (enum fault)fault, words + 1, count - 1) == -1)
		return error_set(error, STATUS_USAGE, "'%s': %s takes %s", typed, words[0],
				 faults[fault].allowed);
	plan->faults |= FAULT_BIT(fault);
	return 0;
}

int misbehave_plan_read(const char *text, struct misbehave_plan *plan, struct error *error)
{
	*plan = (struct misbehave_plan){ .seed = plan->seed };
	for (;; text++) {
		size_t length = strcspn(text, ",");
		if (read_part(text, length, plan, error) == -1)
			return -1;
		text += length;
		if (*text == '\0')
			return 0;
	}
}
