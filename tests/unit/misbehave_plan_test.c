#include "protocol/misbehave_plan.h"

#include "base/clock.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

static void test_good(void)
{
	struct misbehave_plan plan = { .seed = 7 };
	struct error error;
	check(misbehave_plan_read("loss 5%, duplicate 0.5%,reorder 100% ,truncate 1k,corrupt 0%",
				  &plan, &error) == 0,
	      "messages' faults");
	check(plan.seed == 7, "the seed stays");
	check(plan.faults == (FAULT_BIT(FAULT_LOSS) | FAULT_BIT(FAULT_DUPLICATE) |
			      FAULT_BIT(FAULT_REORDER) | FAULT_BIT(FAULT_TRUNCATE) |
			      FAULT_BIT(FAULT_CORRUPT)),
	      "those and no others");
	check(plan.chance[FAULT_REORDER] == MISBEHAVE_SURE && plan.chance[FAULT_CORRUPT] == 0,
	      "100%% is sure and 0%% never");
	check(plan.bytes[FAULT_TRUNCATE] == 1000, "1k is 1000");
	check(misbehave_plan_read("delay 20ms 5ms,stall 1m30s after 64Ki,rate 8kbit,hang", &plan,
				  &error) == 0,
	      "times and rates");
	check(plan.delay == 20 * NSEC_PER_MSEC && plan.jitter == 5 * NSEC_PER_MSEC, "the delay");
	check(plan.stall == 90 * NSEC_PER_SEC && plan.bytes[FAULT_STALL] == 65536, "the stall");
	check(plan.rate == 8000, "the rate");
	check(!(plan.faults & FAULT_BIT(FAULT_LOSS)), "what was read before is gone");
	check(misbehave_plan_read("delay 2,slice 1,limit 0,reset 10B,half-close 3,refuse 1%", &plan,
				  &error) == 0 &&
		      plan.delay == 2 * NSEC_PER_SEC && plan.jitter == 0,
	      "a bare time is in seconds");
}

/* Each names the part that is wrong, and says a word of what is allowed. */
static void test_bad(void)
{
	static const struct {
		const char *text, *part, *word;
	} bad[] = {
		{ "", "''", "loss" },
		{ "los 5%", "'los 5%'", "loss, duplicate" },
		{ "loss 5%,", "''", "refuse" },
		{ "loss 5%,,hang", "''", "refuse" },
		{ "loss", "'loss'", "0% to 100%" },
		{ "loss 5", "'loss 5'", "0% to 100%" },
		{ "loss 101%", "'loss 101%'", "0% to 100%" },
		{ "loss -1%", "'loss -1%'", "0% to 100%" },
		{ "loss 5% 5%", "'loss 5% 5%'", "0% to 100%" },
		{ "loss 5%,loss 6%", "'loss 6%'", "already" },
		{ "truncate", "'truncate'", "BYTES" },
		{ "truncate 1.5", "'truncate 1.5'", "BYTES" },
		{ "slice 0", "'slice 0'", "at least 1" },
		{ "limit x", "'limit x'", "BYTES" },
		{ "reset 2000Gi", "'reset 2000Gi'", "1024Gi" },
		{ "delay", "'delay'", "TIME" },
		{ "delay 5d", "'delay 5d'", "us ms s m h" },
		{ "delay 61m", "'delay 61m'", "1h" },
		{ "delay 5ms 6ms", "'delay 5ms 6ms'", "not above" },
		{ "delay 1 1 1", "'delay 1 1 1'", "JITTER" },
		{ "rate 7", "'rate 7'", "from 8" },
		{ "rate 1MB", "'rate 1MB'", "BITS" },
		{ "stall 1s", "'stall 1s'", "after" },
		{ "stall 1s before 3", "'stall 1s before 3'", "after" },
		{ "stall 1s after", "'stall 1s after'", "BYTES" },
		{ "stall 1s after 3 4", "'stall 1s after 3 4'", "BYTES" },
		{ "hang 1", "'hang 1'", "nothing" },
		{ "refuse", "'refuse'", "100%" },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct misbehave_plan plan = { 0 };
		struct error error = { 0 };
		int result = misbehave_plan_read(bad[i].text, &plan, &error);
		check(result == -1 && error.status == STATUS_USAGE, "'%s' is wrong", bad[i].text);
		check(strncmp(error.text, bad[i].part, strlen(bad[i].part)) == 0 &&
			      strstr(error.text, bad[i].word),
		      "and told: %s", error.text);
	}
}

/* Whatever is typed, it ends, with an error that fits or a plan. */
static void test_random(void)
{
	static const char *const words[] = { "loss", " ",     ",",     "5%",    "delay",
					     "1ms",  "after", "slice", "stall", "hang ",
					     "0",    "limit", "\n",    "k" };
	unsigned good = 0;
	for (int i = 0; i < 20000; i++) {
		char text[300] = "";
		struct misbehave_plan plan = { 0 };
		struct error error;
		for (unsigned count = check_random(24); count > 0; count--)
			strcat(text, words[check_random(sizeof(words) / sizeof(*words))]);
		good += misbehave_plan_read(text, &plan, &error) == 0;
	}
	check(good > 10, "random words: %u make a plan", good);
	char *text = calloc(1, 100001);
	struct misbehave_plan plan = { 0 };
	struct error error;
	if (!text)
		return;
	memset(text, 'x', 100000);
	check(misbehave_plan_read(text, &plan, &error) == -1, "one that is very long");
	free(text);
}

static void test_fitting(void)
{
	unsigned stream = misbehave_plan_fitting(true, false);
	unsigned dgram = misbehave_plan_fitting(false, true);
	unsigned seqpacket = misbehave_plan_fitting(true, true);
	check((stream & dgram) == (FAULT_BIT(FAULT_CORRUPT) | FAULT_BIT(FAULT_DELAY)),
	      "bytes can be damaged and late everywhere");
	check((dgram & seqpacket) == dgram, "packets know all that datagrams know");
	check((stream | seqpacket) == FAULT_BIT(FAULTS) - 1, "and with streams that is all");
	check(!(seqpacket & FAULT_BIT(FAULT_SLICE)), "only a stream can be cut");
	check(strcmp(fault_name(fault_first(FAULT_BIT(FAULT_HALF_CLOSE) | FAULT_BIT(FAULT_HANG))),
		     "half-close") == 0,
	      "by their names");
}

int main(void)
{
	test_good();
	test_bad();
	test_random();
	test_fitting();
	return check_done();
}
