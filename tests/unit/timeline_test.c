#include "base/timeline.h"

#include "base/clock.h"
#include "check.h"

#include <string.h>

enum { TIMERS = 40, ROUNDS = 50000 };

static const int64_t span = 1000;

static void test_empty(void)
{
	struct timeline timeline;
	struct timer timer = { 0 };
	timeline_init(&timeline, span);
	check(timeline_next(&timeline) == NEVER, "an empty timeline is never due");
	check(timeline_due(&timeline, NEVER - 1) == NULL, "and has nothing to give");
	timer_clear(&timer);
	check(timeline_next(&timeline) == NEVER, "clearing a timer that is not set does nothing");
}

static void test_one(void)
{
	struct timeline timeline;
	struct timer timer = { 0 };
	timeline_init(&timeline, span);
	timeline_set(&timeline, &timer, 5);
	check(timeline_next(&timeline) == 5 + span, "it is due a span after it was set");
	check(timeline_due(&timeline, 4 + span) == NULL, "and not a moment before");
	check(timeline_due(&timeline, 5 + span) == &timer, "but at that moment");
	check(timeline_due(&timeline, 5 + span) == NULL, "once");
	check(timeline_next(&timeline) == NEVER, "and it is off the timeline");
	timeline_set(&timeline, &timer, 10);
	timeline_set(&timeline, &timer, 20);
	check(timeline_next(&timeline) == 20 + span, "set again, its old moment is forgotten");
	timer_clear(&timer);
	timer_clear(&timer);
	check(timeline_next(&timeline) == NEVER, "cleared, even twice, it is off");
	timeline_set(&timeline, &timer, 30);
	check(timeline_due(&timeline, 30 + span) == &timer, "and it can be set again");
}

static void test_no_span(void)
{
	struct timeline timeline;
	struct timer timer = { 0 };
	timeline_init(&timeline, 0);
	timeline_set(&timeline, &timer, 5);
	check(timeline_due(&timeline, 5) == &timer, "without a span it is due at once");
}

/* The model: the same timers in an array, in the order in which they were set. */
struct model {
	int order[TIMERS];
	int64_t at[TIMERS];
	int count;
};

static void model_clear(struct model *model, int timer)
{
	int kept = 0;
	for (int i = 0; i < model->count; i++) {
		if (model->order[i] == timer)
			continue;
		model->order[kept] = model->order[i];
		model->at[kept++] = model->at[i];
	}
	model->count = kept;
}

static void model_set(struct model *model, int timer, int64_t now)
{
	model_clear(model, timer);
	model->order[model->count] = timer;
	model->at[model->count++] = now + span;
}

/* All that is due at NOW comes, in order, and nothing else. */
static bool drain_alike(struct timeline *timeline, struct model *model, const struct timer *timers,
			int64_t now)
{
	for (;;) {
		const struct timer *due = timeline_due(timeline, now);
		if (model->count == 0 || model->at[0] > now)
			return due == NULL;
		if (due != &timers[model->order[0]])
			return false;
		model_clear(model, model->order[0]);
		if (check_random(3) == 0)
			return true; /* leave the others for another time */
	}
}

static void test_against_model(void)
{
	struct timeline timeline;
	struct timer timers[TIMERS];
	struct model model = { .count = 0 };
	int64_t now = 0;
	int round = 0, drained = 0;
	bool good = true;
	memset(timers, 0, sizeof(timers));
	timeline_init(&timeline, span);
	for (; round < ROUNDS && good; round++) {
		int timer = (int)check_random(TIMERS);
		now += check_random(60);
		switch (check_random(5)) {
		case 0:
			timer_clear(&timers[timer]);
			model_clear(&model, timer);
			break;
		case 1:
			drained += model.count > 0 && model.at[0] <= now;
			good = drain_alike(&timeline, &model, timers, now);
			break;
		default:
			timeline_set(&timeline, &timers[timer], now);
			model_set(&model, timer, now);
		}
		good = good && timeline_next(&timeline) == (model.count ? model.at[0] : NEVER);
	}
	check(good, "it does what an array does, in %d random steps of %d", round, ROUNDS);
	check(drained > ROUNDS / 100, "of which %d took something off", drained);
}

int main(void)
{
	test_empty();
	test_one();
	test_no_span();
	test_against_model();
	return check_done();
}
