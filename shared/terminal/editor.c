#include "terminal/editor.h"

static void show_entry(struct editor *editor, const struct history_entry *entry)
{
	if (entry)
		line_replace(&editor->line, entry->bytes, entry->length);
}

static enum editor_event enter(struct editor *editor)
{
	if (!editor->line.overlong)
		history_add(&editor->history, editor->line.bytes, editor->line.length);
	view_accept(&editor->view, &editor->line, "");
	editor->done = true;
	return EDITOR_LINE;
}

static enum editor_event interrupt(struct editor *editor)
{
	bool empty = editor->line.length == 0;
	view_accept(&editor->view, &editor->line, "^C");
	line_clear(&editor->line);
	editor->history.place = editor->history.count;
	return empty ? EDITOR_BREAK : EDITOR_NOTHING;
}

static enum editor_event leave(struct editor *editor)
{
	if (editor->line.length == 0)
		return EDITOR_END;
	line_remove_to(&editor->line, line_right(&editor->line));
	return EDITOR_NOTHING;
}

/* Keys that move the cursor or change the line. */
static void edit(struct editor *editor, enum key key)
{
	struct line *line = &editor->line;
	struct history *history = &editor->history;
	switch (key) {
	case KEY_TEXT:
		line_insert(line, editor->keys.bytes, editor->keys.length);
		break;
	case KEY_LEFT:
		line->cursor = line_left(line);
		break;
	case KEY_RIGHT:
		line->cursor = line_right(line);
		break;
	case KEY_HOME:
		line->cursor = 0;
		break;
	case KEY_END:
		line->cursor = line->length;
		break;
	case KEY_WORD_LEFT:
		line->cursor = line_word_left(line);
		break;
	case KEY_WORD_RIGHT:
		line->cursor = line_word_right(line);
		break;
	case KEY_DELETE:
		line_remove_to(line, line_right(line));
		break;
	case KEY_BACKSPACE:
		line_remove_to(line, line_left(line));
		break;
	case KEY_KILL_RIGHT:
		line_remove_to(line, line->length);
		break;
	case KEY_KILL_LEFT:
		line_remove_to(line, 0);
		break;
	case KEY_KILL_WORD:
		line_remove_to(line, line_word_left(line));
		break;
	case KEY_UP:
		show_entry(editor, history_up(history, line->bytes, line->length));
		break;
	case KEY_DOWN:
		show_entry(editor, history_down(history));
		break;
	case KEY_CLEAR:
		view_clear(&editor->view);
		break;
	default:
		break;
	}
}

static enum editor_event take_key(struct editor *editor, enum key key)
{
	switch (key) {
	case KEY_NONE:
		return EDITOR_NOTHING;
	case KEY_POSITION:
		view_position(&editor->view, editor->keys.column);
		return EDITOR_NOTHING;
	default:
		break;
	}
	view_no_position(&editor->view);
	switch (key) {
	case KEY_ENTER:
		return enter(editor);
	case KEY_INTERRUPT:
		return interrupt(editor);
	case KEY_LEAVE:
		return leave(editor);
	case KEY_QUIT:
		return EDITOR_QUIT;
	case KEY_SUSPEND:
		return EDITOR_SUSPEND;
	default:
		edit(editor, key);
		return EDITOR_NOTHING;
	}
}

enum editor_event editor_take(struct editor *editor, const char **bytes, size_t *length)
{
	enum editor_event event = EDITOR_NOTHING;
	if (editor->done)
		line_clear(&editor->line);
	editor->done = false;
	while (*length > 0 && event == EDITOR_NOTHING) {
		bool taken = true;
		size_t plain = keys_plain(&editor->keys, *bytes, *length);
		if (plain > 0) {
			view_no_position(&editor->view);
			line_insert(&editor->line, *bytes, plain);
			*bytes += plain;
			*length -= plain;
			continue;
		}
		event = take_key(editor, keys_take(&editor->keys, **bytes, &taken));
		*bytes += taken;
		*length -= taken;
	}
	return event;
}

void editor_show(struct editor *editor)
{
	if (editor->done)
		line_clear(&editor->line);
	editor->done = false;
	view_draw(&editor->view, &editor->line);
}

void editor_free(struct editor *editor)
{
	line_free(&editor->line);
	history_free(&editor->history);
	view_free(&editor->view);
}
