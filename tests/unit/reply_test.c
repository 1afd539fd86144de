#include "protocol/reply.h"

#include "check.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 300, OFFSETS = 64, EDGE = 64 };

static unsigned char naive(unsigned char byte)
{
	return byte >= 'a' && byte <= 'z' ? (unsigned char)(byte - 'a' + 'A') : byte;
}

static void test_names(void)
{
	char text[256];
	char names[256] = "";
	check(reply_form_by_name("echo") == reply_form_echo, "echo is the form of RFC 862");
	check(reply_form_echo->apply == NULL, "echo leaves bytes as they came");
	check(reply_form_by_name("upper") != NULL, "upper is there");
	check(reply_form_by_name("") == NULL, "no form has an empty name");
	check(reply_form_by_name("Echo") == NULL && reply_form_by_name("ech") == NULL &&
		      reply_form_by_name("echoo") == NULL,
	      "a name has to be the whole name");

	for (const struct reply_form *form = reply_forms; form->name; form++) {
		check(reply_form_by_name(form->name) == form, "%s is found", form->name);
		strcat(strcat(names, *names ? ", " : ""), form->name);
	}
	check(reply_form_names(text, sizeof(text)) == text && strcmp(text, names) == 0,
	      "all are named: %s", text);
	for (size_t size = 1; size < 8; size++) {
		memset(text, 'g', sizeof(text));
		reply_form_names(text, size);
		check(memchr(text, '\0', size) && text[size] == 'g' && text[size + 1] == 'g',
		      "the names are cut to %zu bytes", size);
	}
}

static void test_every_byte(const struct reply_form *upper, const char *locale)
{
	unsigned char bytes[256];
	bool good = true;
	for (int i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	upper->apply(bytes, sizeof(bytes));
	for (int i = 0; i < 256; i++)
		good = good && bytes[i] == naive((unsigned char)i);
	check(good, "upper changes a to z and no other byte, locale %s", locale);
}

/* One length, at one offset in memory; what lies on both sides of it must stay. */
static bool same_as_naive(const struct reply_form *upper, size_t length, size_t offset)
{
	static unsigned char bytes[EDGE + OFFSETS + LONGEST + EDGE];
	static unsigned char wanted[sizeof(bytes)];
	for (size_t i = 0; i < sizeof(bytes); i++) {
		/* mostly lower-case letters, on both sides of the edges too */
		bytes[i] = (unsigned char)(check_random(4) ? 'a' + check_random(26)
							   : check_random(256));
		wanted[i] = bytes[i];
	}
	for (size_t i = 0; i < length; i++)
		wanted[EDGE + offset + i] = naive(wanted[EDGE + offset + i]);
	upper->apply(bytes + EDGE + offset, length);
	return memcmp(bytes, wanted, sizeof(bytes)) == 0;
}

static void test_lengths(const struct reply_form *upper)
{
	size_t bad = 0, length_of_bad = 0, offset_of_bad = 0;
	for (size_t length = 0; length <= LONGEST; length++)
		for (size_t offset = 0; offset < OFFSETS; offset++)
			if (!same_as_naive(upper, length, offset) && bad++ == 0)
				length_of_bad = length, offset_of_bad = offset;
	check(bad == 0,
	      "upper does what a plain loop does for %d lengths at %d offsets"
	      " (%zu wrong, first: length %zu at offset %zu)",
	      LONGEST + 1, OFFSETS, bad, length_of_bad, offset_of_bad);
}

/* Memory of exactly that size, so that a sanitizer sees a read beyond it. */
static void test_exact_memory(const struct reply_form *upper)
{
	bool good = true;
	for (size_t length = 1; length <= LONGEST; length++) {
		unsigned char *bytes = malloc(length);
		if (!bytes)
			abort();
		memset(bytes, 'z', length);
		upper->apply(bytes, length);
		for (size_t i = 0; i < length; i++)
			good = good && bytes[i] == 'Z';
		free(bytes);
	}
	check(good, "upper reaches the last byte of memory of its own");
}

int main(void)
{
	const struct reply_form *upper = reply_form_by_name("upper");
	test_names();
	if (!upper || !upper->apply)
		return check_done() | 1;
	test_every_byte(upper, "C");
	if (setlocale(LC_ALL, "tr_TR.ISO-8859-9") || setlocale(LC_ALL, "C.UTF-8"))
		test_every_byte(upper, setlocale(LC_ALL, NULL));
	else
		check_skip("upper in another locale", "no other locale is installed");
	test_lengths(upper);
	test_exact_memory(upper);
	return check_done();
}
