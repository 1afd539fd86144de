/* Random operands: nothing crashes; what is accepted stays the same, printed and read back. */
#include "net/notation.h"

#include "check.h"
#include "net/family.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { OPERANDS = 60000, LONGEST = 2000 };

static const char *const words[] = {
	"unix",
	"inet",
	"inet6",
	"stream",
	"dgram",
	"seqpacket",
	"+",
	":",
	"::",
	"[",
	"]",
	"[::1]:",
	"::1",
	"127.0.0.1",
	"127.1",
	"0",
	"7",
	"65535",
	"65536",
	"%",
	"%1",
	"%lo",
	"fe80::1",
	"ffff:",
	"@",
	"/",
	".",
	"..",
	"*",
	"\\",
	"\\\\",
	"\\x",
	"\\x00",
	"\\x41",
	"41",
	" ",
	"\t",
	"\n",
	"-",
	"-1",
	"localhost",
	"a",
	"unix:",
	"unix+dgram:",
	"inet:",
	"inet6:",
	"inet+dgram:",
	"inet6+dgram:",
	"::ffff:1.2.3.4",
};

static void make_operand(char operand[LONGEST])
{
	size_t used = 0;
	unsigned pieces = 1 + check_random(8);
	/* one in fifty is far too long for anything */
	bool huge = check_random(50) == 0;
	for (unsigned i = 0; i < pieces; i++) {
		size_t left = LONGEST - used;
		if (huge && check_random(4) == 0 && left > 900) {
			size_t length = check_random(900);
			memset(operand + used, "a1:/\\@"[check_random(6)], length);
			used += length;
		} else if (check_random(8) == 0 && left > 2) {
			operand[used++] = (char)(1 + check_random(255));
		} else {
			const char *word = words[check_random(sizeof(words) / sizeof(*words))];
			if (strlen(word) + 1 < left) {
				memcpy(operand + used, word, strlen(word));
				used += strlen(word);
			}
		}
	}
	operand[used] = '\0';
}

static const char *check_refusal(const struct error *error)
{
	switch (error->status) {
	case STATUS_USAGE:
	case STATUS_NO_HOST:
	case STATUS_TRY_AGAIN:
	case STATUS_SYSTEM: /* without descriptors a name cannot be looked up */
		return *error->text ? NULL : "refused without a reason";
	default:
		return "refused with a status that means something else";
	}
}

/* NULL, or what is wrong with it. */
static const char *check_endpoint(const struct endpoint *endpoint,
				  const struct endpoint_flags *flags)
{
	struct endpoint_list again = { 0 };
	struct error error;
	char text[ENDPOINT_TEXT];
	if ((flags->family && endpoint->family != flags->family) ||
	    (flags->kind && endpoint->kind != flags->kind))
		return "taken in spite of the flags";
	if (!family_has(endpoint->family, endpoint->kind))
		return "of a type that the family does not have";
	endpoint_format(endpoint, text);
	for (const char *byte = text; *byte; byte++)
		if (*byte < ' ' || *byte > '~')
			return "printed with a byte that is not printable";
	if (endpoint_parse(text, flags, &again, &error) == -1)
		return "its text is refused";
	const struct endpoint *other = &again.items[0];
	bool same = again.count == 1 && other->family == endpoint->family &&
		    other->kind == endpoint->kind && other->length == endpoint->length &&
		    memcmp(&other->address, &endpoint->address, endpoint->length) == 0;
	endpoint_list_free(&again);
	return same ? NULL : "its text is another address";
}

int main(void)
{
	struct rlimit limit, before;
	char operand[LONGEST];
	const char *wrong = NULL;
	int taken = 0, tried = 0;
	unsigned family_count = 0;
	while (families[family_count])
		family_count++;
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	/* no name may be looked up in the network: without a free descriptor a resolver gives up */
	getrlimit(RLIMIT_NOFILE, &before);
	limit = before;
	limit.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &limit);

	for (; tried < OPERANDS && !wrong; tried++) {
		struct endpoint_flags flags = { 0 };
		struct endpoint_list list = { 0 };
		struct error error = { .text = "" };
		make_operand(operand);
		if (check_random(3) == 0)
			flags.family = families[check_random(family_count)];
		if (check_random(3) == 0)
			flags.kind = &kinds[check_random(KIND_COUNT)];
		if (endpoint_parse(operand, &flags, &list, &error) == -1)
			wrong = list.count == 0 ? check_refusal(&error) : "refused, and yet listed";
		else if (list.count == 0)
			wrong = "taken, and yet nothing is listed";
		else
			taken++;
		for (size_t i = 0; i < list.count && !wrong; i++)
			wrong = check_endpoint(&list.items[i], &flags);
		endpoint_list_free(&list);
	}
	setrlimit(RLIMIT_NOFILE, &before); /* a sanitizer needs some when it looks for leaks */
	check(!wrong, "%d random operands, %s", tried,
	      wrong ? wrong : "each taken and printed, or refused");
	if (wrong)
		check(false, "the last one: '%s'", operand);
	check(taken > OPERANDS / 20 && taken < OPERANDS - OPERANDS / 20, "%d of them were taken",
	      taken);
	return check_done();
}
