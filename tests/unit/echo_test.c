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
	check(step.length == sizeof(bytes), "with as many");
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
	check(step.answers && step.length == 10 && step.verdict != STEP_OVER, "what was received is answered first");
	step = echo_ended(&echo);
	check((step.verdict == STEP_OVER) && !step.answers, "then it ends");
}

int main(void)
{
	test_as_it_came();
	test_empty();
	test_pieces();
	test_end();
	test_end_after_bytes();
	return check_done();
}
