#include "protocol/echo.h"

#include "check.h"

#include <string.h>

static void test_as_it_came(void)
{
	struct echo echo = { .form = reply_form_echo };
	unsigned char bytes[256], before[256];
	for (int i = 0; i < 256; i++)
		bytes[i] = before[i] = (unsigned char)i;
	struct step step = echo_received(&echo, bytes, sizeof(bytes));
	check(step.answers, "bytes are answered");
	check(step.verdict != STEP_OVER, "and the conversation goes on");
	check(step.length == sizeof(bytes), "with as many bytes");
	check(step.reply >= bytes && step.reply + step.length <= bytes + sizeof(bytes),
	      "out of the caller's memory");
	check(memcmp(step.reply, before, sizeof(before)) == 0, "every value comes back as it came");
}

static void test_empty(void)
{
	struct echo echo = { .form = reply_form_echo };
	unsigned char byte = 'x';
	struct step step = echo_received(&echo, &byte, 0);
	check(step.answers && step.length == 0, "an empty record is answered by an empty one");
	check(step.verdict != STEP_OVER, "and is not the end");
	check(byte == 'x', "and touches nothing");
}

static void test_pieces(void)
{
	struct echo echo = { .form = reply_form_by_name("upper") };
	char text[] = "Hello, w\xc3\xb6rld: {az}`@[";
	const char wanted[] = "HELLO, W\xc3\xb6RLD: {AZ}`@[";
	char got[sizeof(text)] = "";
	for (size_t start = 0, length = 1; start < strlen(wanted); start += length, length++) {
		if (length > strlen(wanted) - start)
			length = strlen(wanted) - start;
		struct step step = echo_received(&echo, (unsigned char *)text + start, length);
		strncat(got, (const char *)step.reply, step.length);
	}
	check(strcmp(got, wanted) == 0, "upper is the same in whatever pieces: %s", got);
}

static void test_end(void)
{
	struct echo echo = { .form = reply_form_echo };
	struct step step = echo_ended(&echo);
	check((step.verdict == STEP_OVER), "the peer's end is the end");
	check(!step.answers && step.length == 0, "and nothing is sent for it");
}

static void test_end_after_bytes(void)
{
	struct echo echo = { .form = reply_form_echo };
	unsigned char bytes[] = "last words";
	struct step step = echo_received(&echo, bytes, 10);
	check(step.answers && step.length == 10 && step.verdict != STEP_OVER,
	      "what was received is answered first");
	step = echo_ended(&echo);
	check((step.verdict == STEP_OVER) && !step.answers, "then it ends");
}

static struct step say(struct echo *echo, const char *text)
{
	static unsigned char bytes[256];
	size_t length = strlen(text);
	memcpy(bytes, text, length);
	struct step step = echo_received(echo, bytes, length);
	if (step.reply != bytes || step.used != length)
		check(false, "%s: in place, and all of it is used", text);
	return step;
}

static void test_values_of_a_stream(void)
{
	struct json_validator json;
	struct echo echo;
	echo_start(&echo, reply_form_by_name("json"), &json);
	struct step step = say(&echo, "[1, 2]{\"a\"");
	check(step.answers && step.length == 10 && step.verdict == STEP_ON,
	      "what is right comes back at once, whether its values are complete or not");
	step = say(&echo, ":3} 4");
	check(step.answers && step.length == 5 && step.verdict == STEP_ON, "and so does the rest");
	step = say(&echo, " [5,]6");
	check(step.verdict == STEP_BROKEN && step.answers && step.length == 4,
	      "of a wrong piece, all that is before the wrong byte");
	check(step.offset == 10 + 5 + 4, "its offset counts from the beginning: %d",
	      (int)step.offset);
	check(step.reason != NULL, "and has a reason");
}

static void test_wrong_at_once(void)
{
	struct json_validator json;
	struct echo echo;
	echo_start(&echo, reply_form_by_name("json"), &json);
	struct step step = say(&echo, "}");
	check(step.verdict == STEP_BROKEN && !step.answers && step.length == 0 && step.offset == 0,
	      "wrong from the first byte: nothing comes back");
	echo_start(&echo, reply_form_by_name("json"), &json);
	say(&echo, "[");
	step = say(&echo, "x");
	check(step.verdict == STEP_BROKEN && !step.answers && step.offset == 1,
	      "nor if the wrong byte is the first of a piece");
}

static void test_end_of_values(void)
{
	static const struct {
		const char *text;
		bool within;
	} ends[] = {
		{ "", false },   { " \n", false }, { "[1]", false }, { "1 2", false },
		{ "12", false }, { "[1", true },   { "\"a", true },  { "-", true },
		{ "tru", true }, { "1e", true },   { "1.", true },   { "[1] {", true },
	};
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct json_validator json;
		struct echo echo;
		echo_start(&echo, reply_form_by_name("json"), &json);
		say(&echo, ends[i].text);
		struct step step = echo_ended(&echo);
		check(step.verdict == STEP_OVER && !step.answers &&
			      (step.reason != NULL) == ends[i].within,
		      "an end after '%s': it is %s a value", ends[i].text,
		      ends[i].within ? "within" : "after");
	}
}

static void test_value_of_a_record(void)
{
	static const struct {
		const char *text;
		bool good;
		unsigned offset;
	} records[] = {
		{ "[1]", true, 0 },      { " 12 ", true, 0 }, { "\"x\"", true, 0 },
		{ "", false, 0 },        { "  ", false, 2 },  { "[1", false, 2 },
		{ "1 2", false, 2 },     { "[]]", false, 2 }, { "x", false, 0 },
		{ "{\"a\"}", false, 4 }, { "nul", false, 3 }, { "12[]", false, 2 },
	};
	struct echo echo;
	echo_start(&echo, reply_form_by_name("json"), NULL);
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		uint64_t before = echo.seen;
		struct step step = say(&echo, records[i].text);
		if (records[i].good)
			check(step.verdict == STEP_ON && step.answers &&
				      step.length == strlen(records[i].text),
			      "the record '%s' comes back whole", records[i].text);
		else
			check(step.verdict == STEP_BROKEN && !step.answers && step.reason &&
				      step.offset == before + records[i].offset,
			      "the record '%s' does not come back at all, and is wrong at %u",
			      records[i].text, records[i].offset);
	}
}

int main(void)
{
	test_as_it_came();
	test_empty();
	test_pieces();
	test_end();
	test_end_after_bytes();
	test_values_of_a_stream();
	test_wrong_at_once();
	test_end_of_values();
	test_value_of_a_record();
	return check_done();
}
