#include "commands/json_text.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

/* Whether all of the text is one value. */
static bool whole(const char *text)
{
	const char *end = json_text_skip(text);
	return end && end[strspn(end, " \t\r\n")] == '\0';
}

static void check_forms(void)
{
	static const char *const good[] = {
		"0",
		"-1",
		"12.5",
		"1e9",
		"-0.5E-3",
		"true",
		"false",
		"null",
		"\"\"",
		"\"a\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
		"[]",
		"[ ]",
		"{}",
		"{ }",
		"[1]",
		"[1,2]",
		" [ 1 , [ ] , { } ] ",
		"{\"a\":1}",
		"{\"a\":{\"b\":[1,2,{\"c\":null}]}, \"d\":\"e\"}",
		"\t\r\n 1 \n",
	};
	static const char *const bad[] = {
		"",           " ",         "x",         "tru",         "nul",
		"-",          "+1",        ".5",        "\"",          "\"a",
		"\"\\",       "\"\\\"",    "\"a\nb\"",  "[",           "[1",
		"[1,",        "[1,]",      "[,1]",      "[1 2]",       "]",
		"{",          "{\"a\"",    "{\"a\":",   "{\"a\":1",    "{\"a\":1,",
		"{\"a\":1,}", "{a:1}",     "{1:1}",     "{\"a\" 1}",   "{\"a\":}",
		"[1}",        "{\"a\":1]", "1 1",       "[] []",       "truefalse",
		"NaN",        "Infinity",  "-Infinity", "-inf",        "-nan",
		"0x10",       "-0x1p3",    "01",        "1.",          "1.e5",
		"1e",         "\"\\q\"",   "\"\\u12\"", "\"\\u12g4\"",
	};
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		check(whole(good[i]), "well-formed: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		check(!whole(bad[i]), "not well-formed: %s", bad[i]);
}

/* In a block of exactly its length, so that a sanitizer sees a read beyond its end. */
static void check_cut(const char *text)
{
	size_t length = strlen(text);
	bool refused = true;
	for (size_t cut = 0; cut < length; cut++) {
		char *part = malloc(cut + 1);
		if (!part)
			exit(2);
		memcpy(part, text, cut);
		part[cut] = '\0';
		refused = refused && !json_text_skip(part);
		free(part);
	}
	check(refused, "cut anywhere, it is refused: %s", text);
}

/* A file of nothing but brackets must not lead to deep recursion. */
static void check_depth(void)
{
	enum { DEEP = 1000000 };
	char *text = malloc(DEEP + 1);
	if (!text)
		exit(2);
	memset(text, '[', DEEP);
	text[DEEP] = '\0';
	check(!json_text_skip(text), "a million brackets are refused");
	free(text);
	check(whole("[[[[[[[[[[{\"a\":[[[[1]]]]}]]]]]]]]]]"), "15 deep is well-formed");
}

static void check_members(void)
{
	static const char object[] =
		" { \"ab\" : 1 , \"a\":[2, {\"x\":3}], \"abc\": \"s\",\"e\":{}, "
		"\"q\\\"\":5, \"t\":true } ";
	int64_t number = 0;
	bool truth = false;
	char text[8];
	check(json_text_skip(object), "the object is well-formed");
	check(json_text_integer(json_text_member(object, "ab"), &number) && number == 1,
	      "the first member");
	check(json_text_string(json_text_member(object, "abc"), text, sizeof(text)) &&
		      strcmp(text, "s") == 0,
	      "one whose name begins like another's");
	check(json_text_boolean(json_text_member(object, "t"), &truth) && truth, "the last member");
	check(!json_text_member(object, "x"), "one of a value inside is none");
	check(!json_text_member(object, "b") && !json_text_member(object, ""), "what is not there");
	check(!json_text_member("[]", "a") && !json_text_member("1", "a") &&
		      !json_text_member(NULL, "a"),
	      "no object has no member");
	check(!json_text_member("{}", "a"), "an empty object has no member");
	const char *second = json_text_next(json_text_first(json_text_member(object, "a")));
	check(json_text_integer(json_text_member(second, "x"), &number) && number == 3,
	      "a path of look-ups");
	check(!json_text_integer(json_text_member(json_text_member(object, "z"), "y"), &number),
	      "a path that breaks off needs one check");
}

static void check_elements(void)
{
	static const char array[] = " [ 10 , \"a,]\" , [1,2] , {\"b\":[3]} , 50 ] ";
	int count = 0;
	int64_t number = 0;
	for (const char *each = json_text_first(array); each; each = json_text_next(each)) {
		count++;
		json_text_integer(each, &number);
	}
	check(count == 5 && number == 50, "each element once: %d", count);
	check(!json_text_first("[]") && !json_text_first("[ ]"), "an empty array has no first");
	check(!json_text_first("{}") && !json_text_first(NULL), "what is no array has no first");
}

static void check_integers(void)
{
	static const char *const none[] = {
		"1.5",
		"1e3",
		"\"1\"",
		"null",
		"true",
		"[1]",
		"9223372036854775808",
		"-9223372036854775809",
	};
	int64_t number = 0;
	check(json_text_integer("9223372036854775807", &number) && number == INT64_MAX,
	      "INT64_MAX");
	check(json_text_integer("-9223372036854775808", &number) && number == INT64_MIN,
	      "INT64_MIN");
	check(json_text_integer("0,", &number) && number == 0, "0, with something behind it");
	check(!json_text_integer(NULL, &number), "nothing is no integer");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		check(!json_text_integer(none[i], &number), "no integer: %s", none[i]);
}

static void check_others(void)
{
	double number = 0;
	bool truth = true;
	check(json_text_number("2.5", &number) && number == 2.5, "a number");
	check(json_text_number("-3", &number) && number == -3, "a whole one");
	check(!json_text_number("\"1\"", &number) && !json_text_number("null", &number) &&
		      !json_text_number(NULL, &number),
	      "no number");
	check(json_text_boolean("false", &truth) && !truth, "false");
	check(!json_text_boolean("null", &truth) && !json_text_boolean("0", &truth) &&
		      !json_text_boolean(NULL, &truth),
	      "no boolean");
}

static void check_strings(void)
{
	char text[8], tiny[1];
	check(json_text_string("\"\"", text, sizeof(text)) && !*text, "an empty string");
	check(json_text_string("\"1234567\"", text, sizeof(text)) && strcmp(text, "1234567") == 0,
	      "one that just fits");
	check(!json_text_string("\"12345678\"", text, sizeof(text)), "one byte more does not");
	check(json_text_string("\"\"", tiny, sizeof(tiny)) && !*tiny,
	      "an empty one fits into a byte");
	check(!json_text_string("\"a\"", tiny, sizeof(tiny)), "no other does");
	check(json_text_string("\"\\\"\\\\\\/\\u0041\"", text, sizeof(text)) &&
		      strcmp(text, "\"\\/A") == 0,
	      "escapes");
	check(!json_text_string("\"\\u00e9\"", text, sizeof(text)), "beyond ASCII is refused");
	check(!json_text_string("\"\\u0000\"", text, sizeof(text)),
	      "a NUL cannot stand in a string of C");
	check(!json_text_string("\"\\u4\"", text, sizeof(text)), "too few digits");
	check(!json_text_string("1", text, sizeof(text)) &&
		      !json_text_string(NULL, text, sizeof(text)),
	      "no string");
}

/* What is written is well-formed and comes back. */
static void check_write(const char *text)
{
	char *json, back[600];
	size_t length;
	FILE *stream = open_memstream(&json, &length);
	if (!stream)
		exit(2);
	json_text_write_string(stream, text);
	fclose(stream);
	check(whole(json) && json_text_string(json, back, sizeof(back)) && strcmp(back, text) == 0,
	      "comes back: %s", text);
	free(json);
}

int main(void)
{
	char all[257];
	check_forms();
	check_cut("{\"a\": [1, \"b\\\"\", {\"c\": null}], \"d\\u0041\": true}");
	check_cut("[[], {}, \"\\\\\"]");
	check_depth();
	check_members();
	check_elements();
	check_integers();
	check_others();
	check_strings();
	for (int i = 1; i < 128; i++)
		all[i - 1] = (char)i;
	all[127] = '\0';
	check_write("");
	check_write("unix+stream:a \"b\" \\x0a/\t\n");
	check_write(all);
	return check_done();
}
