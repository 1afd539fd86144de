#include "commands/talk_screen.h"

#include "commands/standard.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Linux hands on at most so many bytes of a line in canonical mode, besides the newline, and drops
 * the rest without a word (termios(3)). Other systems have less, and most of them refuse the rest.
 */
#define CANONICAL_MOST 4095

void talk_screen_end(struct talk_screen *screen)
{
	screen->midline |= screen->asking;
	talk_screen_end_line(screen);
	free(screen->lines.bytes);
}

void talk_screen_show(struct talk_screen *screen, const char *bytes, size_t length)
{
	if (length == 0)
		return;
	fwrite(bytes, 1, length, stdout);
	screen->midline = bytes[length - 1] != '\n';
	standard_push();
}

void talk_screen_end_line(struct talk_screen *screen)
{
	if (screen->midline)
		talk_screen_show(screen, "\n", 1);
}

void talk_screen_note(struct talk_screen *screen, const char *text)
{
	talk_screen_end_line(screen);
	printf("(%s)\n", text);
	standard_push();
}

void talk_screen_prompt(struct talk_screen *screen)
{
	talk_screen_end_line(screen);
	screen->asking = true;
	fputs(">>> ", stdout);
	standard_push();
}

int talk_screen_read(struct talk_screen *screen, struct error *error)
{
	return lines_fill(&screen->lines, STDIN_FILENO, error);
}

enum talk_typed talk_screen_next(struct talk_screen *screen, char **text, size_t *length)
{
	if (lines_next(&screen->lines, text, length)) {
		screen->asking = false;
		return *length < CANONICAL_MOST ? TYPED_LINE : TYPED_CUT;
	}
	return screen->lines.ended ? TYPED_END : TYPED_NOTHING;
}
