#include "terminal/editor.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

/* What comes of INPUT, given in pieces of at most PIECE bytes: <lines>, and events as letters. */
static void run(struct editor *editor, const char *input, size_t length, size_t piece, char *got,
		size_t room)
{
	static const char letters[] = { [EDITOR_END] = 'E',
					[EDITOR_BREAK] = 'B',
					[EDITOR_QUIT] = 'Q',
					[EDITOR_SUSPEND] = 'S' };
	size_t used = 0;
	*got = '\0';
	while (length > 0) {
		const char *bytes = input;
		size_t now = length < piece ? length : piece, left = now;
		enum editor_event event;
		while ((event = editor_take(editor, &bytes, &left)) != EDITOR_NOTHING) {
			if (event == EDITOR_LINE)
				used += (size_t)snprintf(got + used, room - used, "<%.*s%s>",
							 (int)editor->line.length,
							 editor->line.length ? editor->line.bytes
									     : "",
							 editor->line.overlong ? "!" : "");
			else
				used += (size_t)snprintf(got + used, room - used, "%c",
							 letters[event]);
			if (used >= room)
				used = room - 1;
		}
		input += now;
		length -= now;
		editor_show(editor);
	}
}

static void test_lines(void)
{
	static const struct {
		const char *what, *input, *wanted;
	} rows[] = {
		{ "lines", "one\rtwo\n\r", "<one><two><>" },
		{ "in the middle", "ad\2bc\1x\5y\r", "<xabcdy>" },
		{ "deleted", "hellp\177o\1\4\33[3~\r", "<llo>" },
		{ "nothing to delete", "\177\33[3~\13\25\27a\4\r", "<a>" },
		{ "killed", "one two three\27x\2\2\13\r", "<one two>" },
		{ "spaces too", "one two   \27x\r", "<one x>" },
		{ "to the left", "one two\33b\25\r", "<two>" },
		{ "whole characters", "a\xe6\x97\xa5\x65\xcc\x81\2\177\r", "<ae\xcc\x81>" },
		{ "with what combines", "a\x65\xcc\x81\177b\r", "<ab>" },
		{ "bytes that are none", "a\xff\xe6\x97\177\177b\r",
		  "<a\xff"
		  "b>" },
		{ "a character completed later", "\xe6\2\xff\5\x97\xa5\r", "<\xff\xe6\x97\xa5>" },
		{ "events", "\4a\4\3\3\32\34\r", "EBSQ<>" },
		{ "up and down", "one\rtwo\r\20\20\16\r\20\20\r", "<one><two><two><one>" },
		{ "the line that was being typed", "one\rtw\20\16o\r", "<one><two>" },
		{ "an entry that was changed", "one\r\20!\r\20\r\20\20\r",
		  "<one><one!><one!><one>" },
		{ "empty lines are not kept", "one\r\r\20\r", "<one><><one>" },
		{ "pasted", "\33[200~a\3\rb\33[201~\r", "<a\3><b>" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char got[512] = "";
		bool good = true;
		/* any cut into pieces gives the same */
		for (size_t piece = 1; piece <= strlen(rows[i].input) && good; piece++) {
			struct editor editor = { .view.columns = 20, .view.prompt = "> " };
			run(&editor, rows[i].input, strlen(rows[i].input), piece, got, sizeof(got));
			good = strcmp(got, rows[i].wanted) == 0;
			editor_free(&editor);
		}
		check(good, "%s: %s", rows[i].what, got);
	}
}

static void test_overlong(void)
{
	struct editor editor = { .view.columns = 80 };
	size_t length = LINE_BYTES + 2;
	char *input = malloc(length), *got = malloc(2 * length);
	if (!input || !got)
		exit(2);
	memset(input, 'x', length);
	input[LINE_BYTES] = '\r';
	run(&editor, input, LINE_BYTES + 1, 65536, got, 2 * length);
	check(strlen(got) == LINE_BYTES + 2 && got[LINE_BYTES] == 'x', "a line of 1 MiB is whole");
	input[LINE_BYTES] = 'x';
	input[LINE_BYTES + 1] = '\r';
	run(&editor, input, length, 65536, got, 2 * length);
	check(strcmp(got + strlen(got) - 3, "x!>") == 0, "and a longer one is known to be cut");
	run(&editor, "a\r", 2, 2, got, 2 * length);
	check(strcmp(got, "<a>") == 0, "but not the next");
	editor_free(&editor);
	free(input);
	free(got);
}

/* Keys, pastes, output and windows in any order: the cursor stays in the line and in the window. */
static void test_random(void)
{
	static const char *const pieces[] = {
		"a",         "word ",    "\xe6\x97\xa5\xe6\x9c\xac",
		"e\xcc\x81", "\xff",     "\xe6",
		"\x97",      "\t",       "\1",
		"\2",        "\4",       "\5",
		"\6",        "\10",      "\13",
		"\14",       "\16",      "\20",
		"\25",       "\27",      "\r",
		"\33[A",     "\33[C",    "\33[D",
		"\33[3~",    "\33[",     "\33b",
		"\33f",      "\33[200~", "\33[201~",
		"\3",        "\26",      "0123456789012345678901234567890123456789",
		"\33[3;7R",  "\33[1;1R",
	};
	static const char *const output[] = {
		"x",      "line\n", "\xe6", "\x97\xa5",
		"\33[1m", "\t",     "\b",   "0123456789012345678901234567890123456789"
	};
	struct editor editor = { .view.columns = 80, .view.prompt = ">>> " };
	struct view *view = &editor.view;
	bool good = true;
	int i;
	for (i = 0; i < 300000 && good; i++) {
		char got[8192];
		const char *piece;
		switch (check_random(20)) {
		case 0:
			piece = output[check_random(sizeof(output) / sizeof(*output))];
			view_print(view, piece, strlen(piece));
			editor_show(&editor);
			break;
		case 1:
			view_resize(view, check_random(100));
			editor_show(&editor);
			break;
		case 2:
			view->prompt = check_random(2) ? ">>> " : NULL;
			editor_show(&editor);
			break;
		default:
			piece = pieces[check_random(sizeof(pieces) / sizeof(*pieces))];
			run(&editor, piece, strlen(piece), 64, got, sizeof(got));
		}
		good = editor.line.cursor <= editor.line.length && !view->out.failed;
		if (good && view->shown && view->asked == 0 && view->columns >= 4)
			good = view->drawn <= view->columns && view->cursor < view->columns &&
			       view->cursor <= view->drawn;
		view->out.length = 0;
		if (editor.line.length > 300)
			line_clear(&editor.line);
	}
	check(good, "%d steps, the cursor at %zu of %zu cells, %zu columns", i, view->cursor,
	      view->drawn, view->columns);
	editor_free(&editor);
}

/* The bytes for the terminal in a simple case; tests/terminal.bats has what they bring about. */
static void test_screen(void)
{
	struct editor editor = { .view.columns = 20, .view.prompt = "> " };
	static const char wanted[] = "\r> \33[K\r\33[2C"     /* the prompt */
				     "\r> ab\33[K\r\33[4C"   /* what was typed */
				     "\r\33[Jnews"           /* in its place */
				     "\n\r> ab\33[K\r\33[4C" /* the line below it */
				     "\r\33[J\33[1A\33[4C\n" /* the end of that row */
				     "\r> ab\33[K\r\33[4C"   /* the line again */
				     "\r\33[J> ab\n"         /* which is done */
				     "\r> \33[K\r\33[2C";    /* the next */
	char got[64];
	editor_show(&editor);
	run(&editor, "ab", 2, 2, got, sizeof(got));
	view_print(&editor.view, "news", 4);
	editor_show(&editor);
	view_print(&editor.view, "\n", 1);
	editor_show(&editor);
	run(&editor, "\r", 1, 1, got, sizeof(got));
	const struct text *out = &editor.view.out;
	check(out->length == strlen(wanted) && memcmp(out->bytes, wanted, out->length) == 0,
	      "the terminal gets: %.*s", (int)out->length, out->bytes);
	editor_free(&editor);
}

static void test_history(void)
{
	struct history history = { 0 };
	char text[32];
	for (int i = 0; i < HISTORY_ENTRIES + 100; i++) {
		snprintf(text, sizeof(text), "line %d", i);
		history_add(&history, text, strlen(text));
		history_add(&history, text, strlen(text));
	}
	const struct history_entry *entry, *oldest = NULL;
	int count = 0;
	while ((entry = history_up(&history, "typed", 5))) {
		oldest = entry;
		count++;
	}
	check(count == HISTORY_ENTRIES && oldest && strncmp(oldest->bytes, "line 100", 8) == 0,
	      "the last %d lines are kept, each once", count);
	while ((entry = history_down(&history)))
		oldest = entry;
	check(oldest && oldest->length == 5 && memcmp(oldest->bytes, "typed", 5) == 0,
	      "and the line that was being typed");
	history_free(&history);
}

int main(void)
{
	test_lines();
	test_overlong();
	test_screen();
	test_random();
	test_history();
	return check_done();
}
