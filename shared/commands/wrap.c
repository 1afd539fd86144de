#include "commands/wrap.h"

#include "base/window.h"

#include <stdio.h>
#include <string.h>

void wrap_print(const char *text, int columns, int used, int indent)
{
	for (;;) {
		size_t length = window_line(text, columns - used);
		printf("%.*s\n", (int)length, text);
		text += length;
		text += strspn(text, " ");
		if (!*text)
			return;
		used = indent;
		printf("%*s", indent, "");
	}
}
