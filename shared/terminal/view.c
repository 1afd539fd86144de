#include "terminal/view.h"

#include "terminal/utf8.h"
#include "terminal/width.h"

#include <stdlib.h>
#include <string.h>

#define ESCAPE '\x1b'

/* Beside a prompt there must be room for so many cells; else it is left out. */
#define LEAST_AREA 8

/* A narrower window is taken for one of so many columns, though it cannot show the line. */
#define LEAST_COLUMNS 4

/* Where a printed character leaves the cursor. */
static void advance(struct view *view, uint32_t character)
{
	size_t width = 0;
	if (character == '\n' || character == '\r') {
		view->column = 0;
		return;
	}
	if (view->column == COLUMN_UNKNOWN)
		return;
	if (character == ESCAPE)
		view->column = COLUMN_UNKNOWN;
	else if (character == '\b')
		view->column -= view->column > 0;
	else if (character == '\t')
		width = 8 - view->column % 8;
	else if (character >= UTF8_PARTIAL)
		width = 1; /* what most terminals show in its place */
	else if (character >= ' ' && character != 0x7f && !(character >= 0x80 && character < 0xa0))
		width = (size_t)width_of(character);
	if (width == 0)
		return;
	if (view->column + width <= view->columns)
		view->column += width;
	else
		view->column = character == '\t' ? view->columns - 1 : width;
}

/* Takes the line from the screen, and goes back to where the printed output ends. */
static void erase(struct view *view)
{
	view_no_position(view);
	if (!view->shown)
		return;
	text_add_string(&view->out, "\r\x1b[J");
	view->shown = false;
	if (view->column == COLUMN_UNKNOWN || view->column >= view->columns)
		view->column = 0;
	if (view->column > 0) {
		text_add_control(&view->out, 1, 'A');
		text_add_control(&view->out, view->column, 'C');
	}
}

static void print_whole(struct view *view, const char *bytes, size_t length)
{
	uint32_t character;
	text_add(&view->out, bytes, length);
	for (size_t i = 0, taken; i < length; i += taken) {
		taken = utf8_decode(bytes + i, length - i, &character);
		advance(view, character);
	}
}

void view_print(struct view *view, const char *bytes, size_t length)
{
	uint32_t character;
	erase(view);
	/* a character that came in parts is put together first: between them would be the line */
	while (view->held_length > 0 && length > 0) {
		view->held[view->held_length++] = *bytes++;
		length--;
		utf8_decode(view->held, view->held_length, &character);
		if (character == UTF8_PARTIAL)
			continue;
		print_whole(view, view->held, view->held_length);
		view->held_length = 0;
	}
	size_t tail = length > 0 ? 1 : 0;
	for (; tail <= 3 && tail <= length && tail > 0; tail++) {
		size_t taken = utf8_decode(bytes + length - tail, tail, &character);
		if (character == UTF8_PARTIAL && taken == tail) {
			memcpy(view->held, bytes + length - tail, tail);
			view->held_length = tail;
			length -= tail;
			break;
		}
	}
	print_whole(view, bytes, length);
}

/* The cells of a line: all of them, those before the cursor, and those of the character there. */
struct extent {
	size_t total, cursor, at_cursor;
};

static struct extent measure(const struct line *line, size_t left)
{
	struct extent extent = { 0 };
	struct glyph glyph;
	for (size_t i = 0; i < line->length; i += glyph.taken) {
		glyph_of(line->bytes + i, line->length - i, left + extent.total, &glyph);
		if (i < line->cursor)
			extent.cursor += glyph.width;
		else if (i == line->cursor)
			extent.at_cursor = glyph.width;
		extent.total += glyph.width;
	}
	return extent;
}

/* Chooses the first cell in sight, so that the cursor is. It moves by half a window. */
static void scroll(struct view *view, const struct extent *extent, size_t area)
{
	if (extent->total <= area) {
		view->first = 0;
		return;
	}
	size_t least = view->first + (view->first > 0);
	size_t most = view->first + area - (extent->total > view->first + area);
	if (extent->cursor < least || extent->cursor + extent->at_cursor > most)
		view->first = extent->cursor > area / 2 ? extent->cursor - area / 2 : 0;
}

static void pad(struct view *view, size_t *at, size_t to)
{
	for (; *at < to; ++*at)
		text_add(&view->row, " ", 1);
}

/* The cells from FIRST on, with < and > where there are more. Returns how many were drawn. */
static size_t draw_cells(struct view *view, const struct line *line, size_t left, size_t total,
			 size_t area)
{
	bool more = total > view->first + area;
	size_t begin = view->first + (view->first > 0), end = view->first + area - more;
	size_t at = 0, drawn = view->first;
	bool visible = view->first == 0;
	struct glyph glyph;
	if (view->first > 0)
		text_add(&view->row, "<", 1), drawn++;
	for (size_t i = 0; i < line->length; i += glyph.taken) {
		glyph_of(line->bytes + i, line->length - i, left + at, &glyph);
		if (glyph.width > 0)
			visible = at >= begin && at + glyph.width <= end;
		if (at + glyph.width > end)
			break;
		if (visible) {
			pad(view, &drawn, at);
			text_add(&view->row, glyph.bytes, glyph.length);
			drawn += glyph.width;
		}
		at += glyph.width;
	}
	if (more) {
		pad(view, &drawn, end);
		text_add(&view->row, ">", 1), drawn++;
	}
	return drawn - view->first;
}

void view_draw(struct view *view, const struct line *line)
{
	const char *prompt = view->prompt ? view->prompt : "";
	size_t left = strlen(prompt);
	if (view->asked > 0)
		return;
	if (!view->prompt && line->length == 0) {
		erase(view);
		return;
	}
	if (view->columns < left + LEAST_AREA)
		prompt = "", left = 0;
	/* the last column stays free: a cursor behind it would be on no row for certain */
	size_t columns = view->columns < LEAST_COLUMNS ? LEAST_COLUMNS : view->columns;
	size_t area = columns - left - 1;
	struct extent extent = measure(line, left);
	scroll(view, &extent, area);
	text_add_string(&view->out, !view->shown && view->column > 0 ? "\n\r" : "\r");
	view->row.length = 0;
	text_add_string(&view->row, prompt);
	view->drawn = left + draw_cells(view, line, left, extent.total, area);
	view->cursor = left + extent.cursor - view->first;
	pad(view, &view->drawn, view->cursor);
	text_add(&view->out, view->row.bytes, view->row.length);
	view->out.failed |= view->row.failed;
	text_add_string(&view->out, "\x1b[K\r");
	text_add_control(&view->out, view->cursor, 'C');
	view->shown = true;
}

void view_accept(struct view *view, const struct line *line, const char *suffix)
{
	struct glyph glyph;
	size_t column = view->prompt ? strlen(view->prompt) : 0;
	view_no_position(view);
	if (view->shown)
		text_add_string(&view->out, "\r\x1b[J");
	else if (view->column > 0)
		text_add_string(&view->out, "\n");
	if (view->prompt)
		text_add_string(&view->out, view->prompt);
	for (size_t i = 0; i < line->length; i += glyph.taken) {
		glyph_of(line->bytes + i, line->length - i, column, &glyph);
		text_add(&view->out, glyph.bytes, glyph.length);
		column += glyph.width;
	}
	text_add_string(&view->out, suffix);
	text_add_string(&view->out, "\n");
	view_lost(view);
}

void view_resize(struct view *view, size_t columns)
{
	if (columns == view->columns)
		return;
	view->columns = columns;
	if (view->column > 0)
		view->column = COLUMN_UNKNOWN;
	/*
	 * A row that no longer fits is cut by some terminals and continued on further rows by
	 * others, with the cursor. Where that is now, only the terminal can tell.
	 */
	if (view->shown && view->drawn > columns) {
		view->asked++;
		text_add_string(&view->out, "\x1b[6n");
	}
}

static void take_back(struct view *view, size_t rows)
{
	text_add_control(&view->out, rows, 'A');
	text_add_string(&view->out, "\r\x1b[J");
}

/* Where the cursor is in a row that is continued on further rows of this window. */
static void wrapped_cursor(const struct view *view, size_t *row, size_t *column)
{
	const struct text *text = &view->row;
	uint32_t character;
	size_t cell = 0;
	*row = *column = 0;
	for (size_t i = 0, taken; i < text->length && cell < view->cursor; i += taken) {
		taken = utf8_decode(text->bytes + i, text->length - i, &character);
		size_t width = (size_t)width_of(character);
		if (*column + width > view->columns) {
			++*row;
			*column = 0;
		}
		*column += width;
		cell += width;
	}
	if (*column == view->columns) {
		++*row;
		*column = 0;
	}
}

void view_position(struct view *view, size_t column)
{
	size_t rows, wrapped;
	if (view->asked == 0 || --view->asked > 0)
		return;
	wrapped_cursor(view, &rows, &wrapped);
	/* a cut may have left it at the last column as well: nothing above is touched then */
	take_back(view, column < view->columns && column == wrapped + 1 ? rows : 0);
}

void view_no_position(struct view *view)
{
	if (view->asked > 0)
		take_back(view, 0);
	view->asked = 0;
}

void view_clear(struct view *view)
{
	view_no_position(view);
	text_add_string(&view->out, "\x1b[H\x1b[2J");
	view_lost(view);
}

void view_lost(struct view *view)
{
	view->asked = 0;
	view->column = 0;
	view->shown = false;
	view->first = 0;
}

void view_free(struct view *view)
{
	free(view->out.bytes);
	free(view->row.bytes);
}
