#ifndef TERMINAL_EDITOR_H
#define TERMINAL_EDITOR_H

#include "terminal/history.h"
#include "terminal/keys.h"
#include "terminal/line.h"
#include "terminal/view.h"

/*
 * A line editor without I/O: bytes from a terminal in raw mode go in, lines come out, and the bytes
 * that show it all gather in view.out. Zero the struct, set view.columns; editor_free() at the end.
 */
struct editor {
	struct keys keys;
	struct line line;
	struct history history;
	struct view view;
	bool done; /* the line was given out, and goes with the next byte */
};

enum editor_event {
	EDITOR_NOTHING, /* all bytes are taken */
	EDITOR_LINE,    /* LINE is one, and valid until the next call; it may be OVERLONG */
	EDITOR_END,     /* ^D in an empty line */
	EDITOR_BREAK,   /* ^C in an empty line; in another it drops the line */
	EDITOR_QUIT,    /* ^\ */
	EDITOR_SUSPEND, /* ^Z */
};

void editor_free(struct editor *editor);

/* Takes bytes up to the first that makes an event; BYTES and LENGTH become what is left. */
enum editor_event editor_take(struct editor *editor, const char **bytes, size_t *length);

/* Brings the screen up to date: to be called once a batch of bytes and of output is dealt with. */
void editor_show(struct editor *editor);

#endif
