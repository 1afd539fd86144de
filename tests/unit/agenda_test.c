#include "base/agenda.h"

#include "check.h"

#include <stdbool.h>

#define COUNT 300

struct entry {
	struct moment moment; /* first: so a moment is its entry */
	uint64_t put;
	bool in;
};

/* The one that must come next, found by looking at all. */
static struct entry *expected(struct entry *entries)
{
	struct entry *first = NULL;
	for (int i = 0; i < COUNT; i++) {
		struct entry *each = &entries[i];
		if (each->in && (!first || each->moment.at < first->moment.at ||
				 (each->moment.at == first->moment.at && each->put < first->put)))
			first = each;
	}
	return first;
}

static void test_random(void)
{
	static struct entry entries[COUNT];
	struct agenda agenda = { 0 };
	uint64_t puts = 0;
	bool good = true;
	for (int i = 0; i < 20000 && good; i++) {
		struct entry *entry = &entries[check_random(COUNT)];
		unsigned what = check_random(8);
		if (what < 4) {
			good = agenda_put(&agenda, &entry->moment, check_random(50)) == 0;
			entry->put = puts++;
			entry->in = true;
		} else if (what == 4) {
			agenda_remove(&agenda, &entry->moment);
			entry->in = false;
		} else {
			int64_t now = check_random(60);
			struct entry *wanted = expected(entries);
			if (wanted && wanted->moment.at > now)
				wanted = NULL;
			good = (struct entry *)agenda_due(&agenda, now) == wanted;
			if (wanted)
				wanted->in = false;
		}
		const struct entry *next = expected(entries);
		good = good && agenda_next(&agenda) == (next ? next->moment.at : NEVER) &&
		       agenda_has(&entry->moment) == entry->in;
	}
	check(good, "20000 times put, removed and due, it is what a search of all says");
	while (agenda_due(&agenda, 100))
		;
	check(agenda.count == 0 && agenda_next(&agenda) == NEVER, "and it is empty in the end");
	agenda_free(&agenda);
}

static void test_few(void)
{
	struct agenda agenda = { 0 };
	struct moment a = { 0 }, b = { 0 };
	check(!agenda_due(&agenda, INT64_MAX), "nothing is due of nothing");
	agenda_remove(&agenda, &a);
	check(agenda_put(&agenda, &a, 5) == 0 && agenda_put(&agenda, &b, 5) == 0, "two are put");
	check(!agenda_due(&agenda, 4), "neither is due before its time");
	check(agenda_due(&agenda, 5) == &a && agenda_due(&agenda, 5) == &b, "in their order");
	agenda_put(&agenda, &a, 1);
	agenda_put(&agenda, &b, 2);
	agenda_put(&agenda, &a, 3);
	check(agenda_due(&agenda, 9) == &b && agenda_due(&agenda, 9) == &a && !agenda_has(&a),
	      "one that is put again moves");
	agenda_free(&agenda);
}

int main(void)
{
	test_random();
	test_few();
	return check_done();
}
