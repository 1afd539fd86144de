#ifndef TERMINAL_KEYS_H
#define TERMINAL_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* What a terminal sends, byte by byte, as keys. Zero the struct. */
enum key {
	KEY_NONE, /* not yet one, or none that means anything here */
	KEY_TEXT, /* BYTES of it belong into the line */
	KEY_ENTER,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_UP,
	KEY_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_WORD_LEFT,
	KEY_WORD_RIGHT,
	KEY_DELETE,
	KEY_BACKSPACE,
	KEY_KILL_RIGHT,
	KEY_KILL_LEFT,
	KEY_KILL_WORD,
	KEY_CLEAR,
	KEY_INTERRUPT,
	KEY_QUIT,
	KEY_SUSPEND,
	KEY_LEAVE,    /* ^D: the end of input, or a character is deleted */
	KEY_POSITION, /* the terminal says at which COLUMN the cursor is, from 1 */
};

struct keys {
	enum {
		KEYS_PLAIN,
		KEYS_ESCAPE,   /* after ESC */
		KEYS_CONTROL,  /* after ESC [ */
		KEYS_FUNCTION, /* after ESC O */
		KEYS_CONSOLE,  /* after ESC [ [ */
		KEYS_LITERAL,  /* after ^V */
	} state;
	bool pasting;      /* between the brackets of a paste, where only ends of lines are keys */
	size_t matched;    /* so many bytes may be the beginning of the closing bracket */
	bool after_return; /* the last byte pasted was a carriage return */
	size_t numbers[2], count; /* of a control sequence */
	char bytes[8];            /* of KEY_TEXT */
	size_t length;
	size_t column; /* of KEY_POSITION */
};

/* How many of the bytes are text without any key among it: keys_take() need not see them. */
size_t keys_plain(struct keys *keys, const char *bytes, size_t length);

/* The key that BYTE ends. If it was not TAKEN, it is to be given once more. */
enum key keys_take(struct keys *keys, char byte, bool *taken);

#endif
