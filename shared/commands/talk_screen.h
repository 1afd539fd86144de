#ifndef COMMANDS_TALK_SCREEN_H
#define COMMANDS_TALK_SCREEN_H

#include "base/error.h"
#include "commands/lines.h"

#include <stdbool.h>
#include <stddef.h>

/* What talk shows to a person at a terminal, and what that person types. */
struct talk_screen {
	struct lines lines;
	bool midline; /* something was shown after the last newline */
	bool asking;  /* the prompt is there, and the line not yet */
};

enum talk_typed {
	TYPED_NOTHING, /* no more for now */
	TYPED_LINE,
	TYPED_CUT, /* a line that the terminal may have cut; its text is what is left of it */
	TYPED_END, /* of input */
};

/* Zero the struct before. Leaves the cursor at the beginning of a line. */
void talk_screen_end(struct talk_screen *screen);

/* Shows bytes as they are. */
void talk_screen_show(struct talk_screen *screen, const char *bytes, size_t length);

/* Goes to a new line, unless it is at the beginning of one. */
void talk_screen_end_line(struct talk_screen *screen);

/* Shows a note in parentheses on a line of its own. */
void talk_screen_note(struct talk_screen *screen, const char *text);

/* Asks for a line. */
void talk_screen_prompt(struct talk_screen *screen);

/* One read(2) of what was typed. */
int talk_screen_read(struct talk_screen *screen, struct error *error);

/* The next of what was read. TEXT is valid until the next read. */
enum talk_typed talk_screen_next(struct talk_screen *screen, char **text, size_t *length);

#endif
