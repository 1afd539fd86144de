#include "base/window.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

/* A window without a terminal is as COLUMNS says, if that is a number. */
static void test_window(void)
{
	setenv("COLUMNS", "132", 1);
	check(window_columns(-1) == 132, "COLUMNS says how wide it is");
	setenv("COLUMNS", "3", 1);
	check(window_columns(-1) == 20, "but 20 at least");
	setenv("COLUMNS", "wide", 1);
	check(window_columns(-1) == 80, "if it is no number, it is unknown: 80");
	unsetenv("COLUMNS");
	check(window_columns(-1) == 80, "unknown is 80");
}

static void test_line(void)
{
	check(window_line("one two three", 13) == 13, "what fits is one line");
	check(window_line("one two three", 12) == 7, "what does not is broken at a space");
	check(window_line("one two three", 7) == 7, "a word that just fits stays");
	check(window_line("one two three", 6) == 3, "one that does not goes to the next line");
	check(window_line("unbreakable word", 4) == 11, "a word that is too long stays whole");
	check(window_line("  indented words", 10) == 10, "spaces in front belong to the line");
	check(window_line("one   two", 5) == 3, "several spaces are one place to break");
	check(window_line("", 5) == 0, "nothing is nothing");
	check(window_line("\xc3\xa9\xc3\xa9 e", 4) == 6, "a character of two bytes is one column");
}

static void test_shorten(void)
{
	char room[64];
	check(strcmp(window_shorten(room, sizeof(room), "whole", 5), "whole") == 0,
	      "what fits is left alone");
	check(strcmp(window_shorten(room, sizeof(room), "0123456789", 9), "012...789") == 0,
	      "what does not loses its middle");
	check(strcmp(window_shorten(room, sizeof(room), "0123456789", 8), "01...789") == 0,
	      "the end keeps more of it");
	const char *text = window_shorten(room, sizeof(room),
					  "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 5);
	check(strcmp(text, "\xc3\xa9...\xc3\xa9") == 0, "characters are not cut");
}

int main(void)
{
	test_window();
	test_line();
	test_shorten();
	return check_done();
}
