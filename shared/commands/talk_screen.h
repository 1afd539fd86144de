#ifndef COMMANDS_TALK_SCREEN_H
#define COMMANDS_TALK_SCREEN_H

#include "base/error.h"
#include "commands/lines.h"
#include "terminal/editor.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What talk shows to a person at a terminal, and what that person types: by an editor of our
 * own, or where there is none by what the terminal itself can do to a line.
 */
struct talk_screen {
	bool editing;
	bool midline; /* something was shown after the last newline */
	bool asking;  /* the prompt is there, and the line not yet */
	bool ended;   /* the input */
	bool stale;   /* the terminal is to be brought up to date */
	struct lines lines;
	struct editor editor;
	int news;         /* of the terminal, to be polled; -1: none */
	char typed[4096]; /* as read; not yet taken is what UNTAKEN points to */
	const char *untaken;
	size_t untaken_length;
};

enum talk_typed {
	TYPED_NOTHING, /* no more for now */
	TYPED_LINE,
	TYPED_CUT,      /* a line that the terminal may have cut */
	TYPED_OVERLONG, /* a line longer than any message */
	TYPED_END,      /* of input */
	TYPED_BREAK,    /* ^C, and no line that it could have meant */
};

/* Zero the struct before. With EDIT the editor is used, if the terminal can do what that needs. */
int talk_screen_begin(struct talk_screen *screen, bool edit, struct error *error);

/* The terminal is as it was before, with the cursor at the beginning of a line. */
void talk_screen_end(struct talk_screen *screen);

/* Shows bytes as they are. */
void talk_screen_show(struct talk_screen *screen, const char *bytes, size_t length);

/* Goes to a new line, unless it is at the beginning of one. */
void talk_screen_end_line(struct talk_screen *screen);

/* Shows a record: a line, which may be empty. */
void talk_screen_record(struct talk_screen *screen, const char *bytes, size_t length);

/* Shows a note in parentheses on a line of its own. */
void talk_screen_note(struct talk_screen *screen, const char *text);

/* Asks for a line. */
void talk_screen_prompt(struct talk_screen *screen);

/* Brings the terminal up to date with all that. */
int talk_screen_update(struct talk_screen *screen, struct error *error);

/* One read(2) of what was typed. */
int talk_screen_read(struct talk_screen *screen, struct error *error);

/* The next of what was read. TEXT is valid until the next call. */
enum talk_typed talk_screen_next(struct talk_screen *screen, char **text, size_t *length);

/* To be called when NEWS is readable. */
void talk_screen_news(struct talk_screen *screen);

#endif
