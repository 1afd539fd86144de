#include "protocol/echo.h"

#include <string.h>

void echo_start(struct echo *echo, const struct reply_form *form, struct json_validator *json)
{
	*echo = (struct echo){ .form = form, .json = json };
	if (json)
		json_validator_start(json);
}

void echo_start_who(struct echo *echo, const struct reply_form *form, struct who *who, bool record)
{
	*echo = (struct echo){ .form = form, .who = who, .record = record };
	*who = (struct who){ 0 };
}

static struct step broken(struct echo *echo, unsigned char *bytes, size_t good, const char *reason)
{
	return (struct step){ .reply = bytes,
			      .length = good,
			      .answers = good > 0,
			      .verdict = STEP_BROKEN,
			      .reason = reason,
			      .offset = echo->seen + good };
}

/* A record is one value, or nothing of it comes back: a part of it would be another message. */
static struct step value_received(struct echo *echo, unsigned char *bytes, size_t length)
{
	struct step step = { .reply = bytes, .length = length, .answers = true };
	const char *reason;
	size_t good;
	if (json_validator_record(bytes, length, &good, &reason) != JSON_ONE) {
		step = broken(echo, bytes, good, reason);
		step.answers = false;
	}
	return step;
}

/* On a stream values follow one another, and what is good of them comes back. */
static struct step values_received(struct echo *echo, unsigned char *bytes, size_t length)
{
	size_t good = 0;
	for (;;) {
		size_t used;
		switch (json_validator_feed(echo->json, bytes + good, length - good, &used)) {
		case JSON_WRONG:
			return broken(echo, bytes, good + used, echo->json->reason);
		case JSON_MORE:
			return (struct step){ .reply = bytes, .length = length, .answers = true };
		case JSON_VALUE:
			good += used;
		}
	}
}

static struct step tell(struct echo *echo, uint64_t length)
{
	return (struct step){ .reply = (unsigned char *)echo->who->text,
			      .length = who_reply(echo->who, length, !echo->record),
			      .answers = true };
}

/* On a stream a message is a line, without its newline. */
static struct step line_received(struct echo *echo, const unsigned char *bytes, size_t length)
{
	struct step step = { .used = length };
	const unsigned char *end = memchr(bytes, '\n', length);
	echo->who->length += end ? (size_t)(end - bytes) : length;
	if (end) {
		step = tell(echo, echo->who->length);
		step.used = (size_t)(end - bytes) + 1;
		echo->who->length = 0;
	}
	echo->seen += step.used;
	return step;
}

static struct step told(struct echo *echo, const unsigned char *bytes, size_t length)
{
	if (!echo->record)
		return line_received(echo, bytes, length);
	struct step step = tell(echo, length);
	step.used = length;
	return step;
}

static struct step judged(struct echo *echo, unsigned char *bytes, size_t length)
{
	struct step step = echo->json ? values_received(echo, bytes, length)
				      : value_received(echo, bytes, length);
	step.used = length;
	echo->seen += length;
	return step;
}

struct step echo_received(struct echo *echo, unsigned char *bytes, size_t length)
{
	if (echo->form->who)
		return told(echo, bytes, length);
	if (echo->form->values)
		return judged(echo, bytes, length);
	if (echo->form->apply)
		echo->form->apply(bytes, length);
	echo->seen += length;
	return (struct step){ .reply = bytes, .length = length, .used = length, .answers = true };
}

struct step echo_ended(struct echo *echo)
{
	struct step step = { .verdict = STEP_OVER };
	if (echo->who && echo->who->length > 0) {
		step = tell(echo, echo->who->length);
		step.verdict = STEP_OVER;
	}
	if (echo->json && json_validator_end(echo->json) == JSON_INCOMPLETE)
		step.reason = "it ended within a value";
	return step;
}
