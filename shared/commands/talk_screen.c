#include "commands/talk_screen.h"

#include "base/window.h"
#include "base/winsize.h"
#include "commands/standard.h"
#include "terminal/raw_mode.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROMPT ">>> "

/*
 * Linux hands on at most so many bytes of a line in canonical mode, besides the newline, and drops
 * the rest without a word (termios(3)). Other systems have less, and most of them refuse the rest.
 */
#define CANONICAL_MOST 4095

/* Any terminal that is not dumb knows the few control sequences that view.c makes (ECMA-48). */
static bool can_edit(void)
{
	const char *term = getenv("TERM");
	return term && *term && strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}

/* The terminal's own word comes first: a window that was resized has left COLUMNS behind. */
static size_t columns_now(void)
{
	int columns = winsize_columns(STDOUT_FILENO);
	return (size_t)(columns > 0 ? columns : window_columns(STDOUT_FILENO));
}

int talk_screen_begin(struct talk_screen *screen, bool edit, struct error *error)
{
	screen->news = -1;
	if (!edit || !can_edit())
		return 0;
	screen->editing = true;
	screen->editor.view.columns = columns_now();
	return raw_mode_begin(STDIN_FILENO, STDOUT_FILENO, &screen->news, error);
}

/* Writes what the editor has for the terminal. */
static int write_out(struct talk_screen *screen, struct error *error)
{
	struct text *out = &screen->editor.view.out;
	int result = standard_write(out->bytes, out->length, error);
	out->length = 0;
	if (result == 0 && out->failed)
		return error_system(error, STATUS_SYSTEM, ENOMEM, "talk");
	return result;
}

void talk_screen_end(struct talk_screen *screen)
{
	struct error ignored; /* main() asks for it again */
	struct view *view = &screen->editor.view;
	if (screen->editing) {
		if (view->shown)
			view_accept(view, &screen->editor.line, "");
		else
			talk_screen_end_line(screen);
		write_out(screen, &ignored);
		raw_mode_end();
		editor_free(&screen->editor);
		return;
	}
	screen->midline |= screen->asking;
	talk_screen_end_line(screen);
	free(screen->lines.bytes);
}

void talk_screen_show(struct talk_screen *screen, const char *bytes, size_t length)
{
	if (length == 0)
		return;
	if (screen->editing)
		view_print(&screen->editor.view, bytes, length);
	else
		fwrite(bytes, 1, length, stdout);
	screen->midline = bytes[length - 1] != '\n';
	screen->stale = true;
}

void talk_screen_end_line(struct talk_screen *screen)
{
	if (screen->midline)
		talk_screen_show(screen, "\n", 1);
}

void talk_screen_record(struct talk_screen *screen, const char *bytes, size_t length)
{
	talk_screen_end_line(screen);
	screen->midline = true;
	talk_screen_show(screen, bytes, length);
	talk_screen_end_line(screen);
}

void talk_screen_note(struct talk_screen *screen, const char *text)
{
	talk_screen_end_line(screen);
	talk_screen_show(screen, "(", 1);
	talk_screen_show(screen, text, strlen(text));
	talk_screen_show(screen, ")\n", 2);
}

void talk_screen_prompt(struct talk_screen *screen)
{
	talk_screen_end_line(screen);
	screen->asking = screen->stale = true;
	if (screen->editing)
		screen->editor.view.prompt = PROMPT;
	else
		fputs(PROMPT, stdout);
}

int talk_screen_update(struct talk_screen *screen, struct error *error)
{
	if (!screen->stale)
		return 0;
	screen->stale = false;
	if (!screen->editing) {
		standard_push();
		return 0;
	}
	editor_show(&screen->editor);
	return write_out(screen, error);
}

int talk_screen_read(struct talk_screen *screen, struct error *error)
{
	screen->stale = true;
	if (!screen->editing) {
		int result = lines_fill(&screen->lines, STDIN_FILENO, error);
		screen->ended = screen->lines.ended;
		return result;
	}
	ssize_t count = read(STDIN_FILENO, screen->typed, sizeof(screen->typed));
	if (count == -1 && errno != EINTR && errno != EAGAIN)
		return error_system(error, STATUS_SYSTEM, errno, "standard input");
	screen->ended = count == 0;
	screen->untaken = screen->typed;
	screen->untaken_length = count > 0 ? (size_t)count : 0;
	return 0;
}

static void line_was_typed(struct talk_screen *screen)
{
	screen->asking = screen->midline = false;
	screen->editor.view.prompt = NULL;
}

/* The keys that stop or end the program do that to the whole of a pipeline. */
static void raise_from_key(struct talk_screen *screen, int number)
{
	struct error ignored;
	editor_show(&screen->editor);
	write_out(screen, &ignored);
	kill(0, number);
}

static enum talk_typed next_edited(struct talk_screen *screen, char **text, size_t *length)
{
	struct editor *editor = &screen->editor;
	for (;;) {
		switch (editor_take(editor, &screen->untaken, &screen->untaken_length)) {
		case EDITOR_NOTHING:
			return screen->ended ? TYPED_END : TYPED_NOTHING;
		case EDITOR_LINE:
			line_was_typed(screen);
			*text = editor->line.bytes;
			*length = editor->line.length;
			return editor->line.overlong ? TYPED_OVERLONG : TYPED_LINE;
		case EDITOR_END:
			return TYPED_END;
		case EDITOR_BREAK:
			line_was_typed(screen);
			return TYPED_BREAK;
		case EDITOR_QUIT:
			raise_from_key(screen, SIGQUIT);
			break;
		case EDITOR_SUSPEND:
			raise_from_key(screen, SIGTSTP);
			break;
		}
	}
}

enum talk_typed talk_screen_next(struct talk_screen *screen, char **text, size_t *length)
{
	if (screen->editing)
		return next_edited(screen, text, length);
	if (lines_next(&screen->lines, text, length)) {
		line_was_typed(screen);
		return *length < CANONICAL_MOST ? TYPED_LINE : TYPED_CUT;
	}
	return screen->ended ? TYPED_END : TYPED_NOTHING;
}

void talk_screen_news(struct talk_screen *screen)
{
	struct view *view = &screen->editor.view;
	size_t columns = columns_now();
	screen->stale = true;
	switch (raw_mode_news()) {
	case RAW_MODE_NOTHING:
		break;
	case RAW_MODE_WINDOW:
		view_resize(view, columns);
		break;
	case RAW_MODE_CONTINUED:
		view_lost(view);
		view->columns = columns;
		break;
	}
}
