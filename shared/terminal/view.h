#ifndef TERMINAL_VIEW_H
#define TERMINAL_VIEW_H

#include "terminal/line.h"
#include "terminal/text.h"

/*
 * A terminal's screen as a line editor uses it: what was printed, and on the row below it the
 * line that is edited, which scrolls sideways where it is wider. One row is what every terminal
 * can redraw after the window has changed. This makes the bytes that bring the screen about,
 * and writes nothing.
 *
 * A newline must lead to the beginning of the next row (OPOST and ONLCR of termios(3)).
 */
struct view {
	struct text out; /* for the terminal; the caller writes and empties it */
	size_t columns;
	const char *prompt; /* ASCII; NULL: none, and a line that is empty is not shown */
	size_t column;      /* where the printed output ends on its row, or COLUMN_UNKNOWN */
	char held[4];       /* the beginning of a character that was printed in part */
	size_t held_length;
	bool shown;      /* the row of the line is on the screen */
	size_t first;    /* the line's first cell that is in sight */
	struct text row; /* what is on it, prompt and cells */
	size_t drawn;    /* how many cells that are */
	size_t cursor;   /* the cell of the cursor among them */
	size_t asked;    /* the terminal owes so many answers to where its cursor is */
};

/* Output that moved the cursor itself may have left it anywhere. */
#define COLUMN_UNKNOWN SIZE_MAX

/* Prints above the line, which is to be drawn again. */
void view_print(struct view *view, const char *bytes, size_t length);

/* Draws the line, where there is one to be seen. */
void view_draw(struct view *view, const struct line *line);

/* Shows the line whole, with SUFFIX, and ends it: it becomes part of what was printed. */
void view_accept(struct view *view, const struct line *line, const char *suffix);

/* The window has another width. */
void view_resize(struct view *view, size_t columns);

/* The terminal's answer; and what to do where a key came instead of it. */
void view_position(struct view *view, size_t column);
void view_no_position(struct view *view);

/* Empties the screen. */
void view_clear(struct view *view);

void view_free(struct view *view);

/* Others have written on the screen, and left the cursor at the beginning of a row. */
void view_lost(struct view *view);

#endif
