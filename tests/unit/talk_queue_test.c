#include "commands/talk_queue.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

static void add(struct talk_queue *queue, const char *text)
{
	if (talk_queue_add(queue, text, strlen(text)) == -1) {
		perror("talk_queue_add");
		exit(2);
	}
}

static bool next_is(const struct talk_queue *queue, const char *text)
{
	const char *bytes;
	size_t length;
	return talk_queue_next(queue, &bytes, &length) && length == strlen(text) &&
	       memcmp(bytes, text, length) == 0;
}

static bool nothing_next(const struct talk_queue *queue)
{
	const char *bytes;
	size_t length;
	return !talk_queue_next(queue, &bytes, &length);
}

static void test_records(void)
{
	struct talk_queue queue = { .records = true };
	check(nothing_next(&queue) && !talk_queue_awaits(&queue), "an empty queue has nothing");
	add(&queue, "one");
	add(&queue, "");
	add(&queue, "three");
	check(next_is(&queue, "one"), "a record is sent at once");
	talk_queue_answered(&queue);
	check(talk_queue_awaits(&queue) && next_is(&queue, "one"), "what was not asked counts not");
	talk_queue_sent(&queue, 3);
	check(next_is(&queue, ""), "then an empty one");
	talk_queue_sent(&queue, 0);
	check(next_is(&queue, "three") && talk_queue_unsent(&queue) == 5, "then the third");
	talk_queue_drop(&queue);
	check(nothing_next(&queue) && talk_queue_unsent(&queue) == 0, "which is dropped");
	talk_queue_answered(&queue);
	check(talk_queue_awaits(&queue), "two were sent: two replies are awaited");
	talk_queue_answered(&queue);
	check(!talk_queue_awaits(&queue), "and no more");
	talk_queue_free(&queue);
}

/* COUNT bytes come: what that means, as "PART" or "PART|" where a reply is whole. */
static void comes(struct talk_queue *queue, size_t count, const char *wanted)
{
	char got[128] = "";
	while (count > 0) {
		bool whole;
		size_t part = talk_queue_answered_by(queue, count, &whole);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), whole ? "%zu|" : "%zu",
			 part);
		count -= part;
	}
	check(strcmp(got, wanted) == 0, "%s are %s", wanted, got);
}

static void test_stream(void)
{
	struct talk_queue queue = { 0 };
	comes(&queue, 7, "7");
	add(&queue, "one");
	add(&queue, "three");
	add(&queue, "x");
	check(next_is(&queue, "onethreex"), "a stream is sent as a whole");
	talk_queue_sent(&queue, 4);
	check(next_is(&queue, "hreex") && talk_queue_unsent(&queue) == 5, "or in parts");
	comes(&queue, 2, "2");
	comes(&queue, 2, "1|1");
	check(talk_queue_awaits(&queue), "the rest is awaited");
	comes(&queue, 9, "4|1|4");
	check(!talk_queue_awaits(&queue), "and came, with more than was asked");
	add(&queue, "again");
	comes(&queue, 3, "3");
	talk_queue_give_up(&queue);
	check(!talk_queue_awaits(&queue) && nothing_next(&queue), "it can be given up");
	add(&queue, "two");
	comes(&queue, 3, "3|");
	talk_queue_free(&queue);
}

/* Lines come and go, in any order that a person and a peer may choose. */
static void test_random(bool records)
{
	struct talk_queue queue = { .records = records };
	size_t typed = 0, sent = 0, answered = 0;
	bool good = true;
	for (int i = 0; i < 100000 && good; i++) {
		const char *bytes;
		size_t length;
		bool whole;
		char text[8];
		switch (check_random(3)) {
		case 0:
			if (typed - answered > 500)
				break;
			snprintf(text, sizeof(text), "%zu", typed % 1000 + 1000);
			add(&queue, text);
			typed++;
			break;
		case 1:
			if (!talk_queue_next(&queue, &bytes, &length))
				break;
			snprintf(text, sizeof(text), "%zu", sent % 1000 + 1000);
			good = memcmp(bytes, text, 4) == 0 && (!records || length == 4);
			talk_queue_sent(&queue, 4);
			sent++;
			break;
		default:
			if (answered == sent)
				break;
			if (records)
				talk_queue_answered(&queue);
			else
				good = talk_queue_answered_by(&queue, 4, &whole) == 4 && whole;
			answered++;
		}
		good = good && talk_queue_unsent(&queue) == 4 * (typed - sent) &&
		       talk_queue_awaits(&queue) == (answered < typed);
	}
	check(good, "%zu lines in any order", typed);
	talk_queue_free(&queue);
}

int main(void)
{
	test_records();
	test_stream();
	test_random(true);
	test_random(false);
	return check_done();
}
