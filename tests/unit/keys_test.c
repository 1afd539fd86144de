#include "terminal/keys.h"

#include "check.h"

#include <string.h>

static const char *const names[] = {
	[KEY_NONE] = "",
	[KEY_ENTER] = "enter",
	[KEY_LEFT] = "left",
	[KEY_RIGHT] = "right",
	[KEY_UP] = "up",
	[KEY_DOWN] = "down",
	[KEY_HOME] = "home",
	[KEY_END] = "end",
	[KEY_WORD_LEFT] = "word-left",
	[KEY_WORD_RIGHT] = "word-right",
	[KEY_DELETE] = "delete",
	[KEY_BACKSPACE] = "backspace",
	[KEY_KILL_RIGHT] = "kill-right",
	[KEY_KILL_LEFT] = "kill-left",
	[KEY_KILL_WORD] = "kill-word",
	[KEY_CLEAR] = "clear",
	[KEY_INTERRUPT] = "interrupt",
	[KEY_QUIT] = "quit",
	[KEY_SUSPEND] = "suspend",
	[KEY_LEAVE] = "leave",
	[KEY_POSITION] = "position",
};

/* The keys of BYTES: their names within <>, and text as it is. With PLAIN, keys_plain() helps. */
static void read_keys(const char *bytes, bool plain, char *got)
{
	struct keys keys = { 0 };
	size_t length = strlen(bytes);
	*got = '\0';
	while (length > 0) {
		bool taken = true;
		size_t count = plain ? keys_plain(&keys, bytes, length) : 0;
		if (count > 0) {
			strncat(got, bytes, count);
			bytes += count;
			length -= count;
			continue;
		}
		enum key key = keys_take(&keys, *bytes, &taken);
		bytes += taken;
		length -= taken;
		if (key == KEY_TEXT)
			strncat(got, keys.bytes, keys.length);
		else if (key != KEY_NONE)
			sprintf(got + strlen(got), "<%s>", names[key]);
		if (key == KEY_POSITION)
			sprintf(got + strlen(got), "%zu", keys.column);
	}
}

int main(void)
{
	static const struct {
		const char *what, *bytes, *wanted;
	} rows[] = {
		{ "text", "a b\tc", "a b\tc" },
		{ "bytes beyond ASCII", "\xe6\x97\xa5\xff", "\xe6\x97\xa5\xff" },
		{ "both ends of a line", "a\rb\n", "a<enter>b<enter>" },
		{ "control keys", "\1\2\3\4\5\6\10\13\14\16\20\25\27\32\34\177",
		  "<home><left><interrupt><leave><end><right><backspace><kill-right><clear><down>"
		  "<up><kill-left><kill-word><suspend><quit><backspace>" },
		{ "control keys that mean nothing", "a\7\21\23\24\31\35b", "ab" },
		{ "arrows", "\33[A\33[B\33[C\33[D", "<up><down><right><left>" },
		{ "arrows of a keypad", "\33OA\33OB\33OC\33OD\33OH\33OF",
		  "<up><down><right><left><home><end>" },
		{ "Home, End and Delete", "\33[H\33[F\33[1~\33[4~\33[7~\33[8~\33[3~",
		  "<home><end><home><end><home><end><delete>" },
		{ "by words", "\33b\33f\33[1;5D\33[1;5C\33[1;3D",
		  "<word-left><word-right><word-left><word-right><word-left>" },
		{ "function keys mean nothing", "a\33OP\33[15~\33[[A\33[24;2~\33[Zb", "ab" },
		{ "sequences that nobody knows", "a\33[?1;2c\33[>0;10;1c\33[999999999;9;9;9m b",
		  "a b" },
		{ "a sequence broken off", "\33[1\3\33\3", "<interrupt><interrupt>" },
		{ "one within another", "\33[1\33[A", "<up>" },
		{ "the Escape key by itself", "\33x\33\33[A", "x<up>" },
		{ "as it is", "\26\3\26\33[A\26\26", "\3\33[A\26" },
		{ "where the cursor is", "\33[12;34R", "<position>34" },
		{ "a paste", "a\33[200~b\3\33[A\177\33[201~\3", "ab\3\33[A\177<interrupt>" },
		{ "lines of a paste", "\33[200~a\rb\nc\r\nd\r\re\33[201~\r\n",
		  "a<enter>b<enter>c<enter>d<enter><enter>e<enter><enter>" },
		{ "what is nearly the end of a paste", "\33[200~\33[201\33[20\33\33[201~\1",
		  "\33[201\33[20\33<home>" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char bytewise[512], got[512];
		read_keys(rows[i].bytes, false, bytewise);
		read_keys(rows[i].bytes, true, got);
		check(strcmp(bytewise, rows[i].wanted) == 0, "%s: %s", rows[i].what, bytewise);
		check(strcmp(got, rows[i].wanted) == 0, "%s, in runs", rows[i].what);
	}
	return check_done();
}
