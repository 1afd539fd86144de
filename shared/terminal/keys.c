#include "terminal/keys.h"

#include <string.h>

#define ESCAPE '\x1b'
#define CONTROL(letter) ((letter)&0x1f)

/* What ends a bracketed paste (xterm's control sequences, "Bracketed Paste Mode"). */
static const char paste_end[] = "\x1b[201~";

static enum key control_key(char byte)
{
	switch (byte) {
	case CONTROL('A'):
		return KEY_HOME;
	case CONTROL('B'):
		return KEY_LEFT;
	case CONTROL('C'):
		return KEY_INTERRUPT;
	case CONTROL('D'):
		return KEY_LEAVE;
	case CONTROL('E'):
		return KEY_END;
	case CONTROL('F'):
		return KEY_RIGHT;
	case CONTROL('H'):
	case 0x7f:
		return KEY_BACKSPACE;
	case '\n':
	case '\r':
		return KEY_ENTER;
	case CONTROL('K'):
		return KEY_KILL_RIGHT;
	case CONTROL('L'):
		return KEY_CLEAR;
	case CONTROL('N'):
		return KEY_DOWN;
	case CONTROL('P'):
		return KEY_UP;
	case CONTROL('U'):
		return KEY_KILL_LEFT;
	case CONTROL('W'):
		return KEY_KILL_WORD;
	case CONTROL('Z'):
		return KEY_SUSPEND;
	case CONTROL('\\'):
		return KEY_QUIT;
	default:
		return KEY_NONE;
	}
}

/* The last byte of ESC [ ... or ESC O. */
static enum key arrow_key(const struct keys *keys, char byte)
{
	/* ESC [ 1 ; 5 C: with Ctrl; 3 is Alt */
	bool modified = keys->count > 1 && (keys->numbers[1] == 5 || keys->numbers[1] == 3);
	switch (byte) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return modified ? KEY_WORD_RIGHT : KEY_RIGHT;
	case 'D':
		return modified ? KEY_WORD_LEFT : KEY_LEFT;
	case 'F':
		return KEY_END;
	case 'H':
		return KEY_HOME;
	default:
		return KEY_NONE;
	}
}

/* ESC [ NUMBER ~, as VT220 and its heirs send them. */
static enum key numbered_key(struct keys *keys)
{
	switch (keys->numbers[0]) {
	case 1:
	case 7:
		return KEY_HOME;
	case 3:
		return KEY_DELETE;
	case 4:
	case 8:
		return KEY_END;
	case 200:
		keys->pasting = true;
		keys->matched = 0;
		keys->after_return = false;
		return KEY_NONE;
	default:
		return KEY_NONE;
	}
}

static enum key text(struct keys *keys, char byte)
{
	keys->bytes[0] = byte;
	keys->length = 1;
	return KEY_TEXT;
}

static enum key take_plain(struct keys *keys, char byte)
{
	unsigned char value = (unsigned char)byte;
	keys->state = KEYS_PLAIN;
	if (byte == ESCAPE)
		keys->state = KEYS_ESCAPE;
	else if (byte == CONTROL('V'))
		keys->state = KEYS_LITERAL;
	else if (byte == '\t' || (value >= ' ' && value != 0x7f))
		return text(keys, byte);
	else
		return control_key(byte);
	return KEY_NONE;
}

static enum key take_escape(struct keys *keys, char byte)
{
	keys->state = KEYS_PLAIN;
	switch (byte) {
	case '[':
		keys->state = KEYS_CONTROL;
		keys->numbers[0] = keys->numbers[1] = 0;
		keys->count = 1;
		return KEY_NONE;
	case 'O':
		keys->state = KEYS_FUNCTION;
		keys->count = 0;
		return KEY_NONE;
	case 'b':
		return KEY_WORD_LEFT;
	case 'f':
		return KEY_WORD_RIGHT;
	default: /* the Escape key by itself means nothing */
		return take_plain(keys, byte);
	}
}

static enum key take_control(struct keys *keys, char byte)
{
	if (byte >= '0' && byte <= '9' && keys->count <= 2) {
		size_t *number = &keys->numbers[keys->count - 1];
		*number = *number < 10000 ? 10 * *number + (size_t)(byte - '0') : *number;
		return KEY_NONE;
	}
	if (byte == ';')
		keys->count++;
	if (byte >= ' ' && byte <= '?') /* parameters and the like that no key of ours has */
		return KEY_NONE;
	keys->state = KEYS_PLAIN;
	if (byte == '[') {
		keys->state = KEYS_CONSOLE;
		return KEY_NONE;
	}
	if (byte == '~')
		return numbered_key(keys);
	if (byte == 'R') {
		keys->column = keys->numbers[1];
		return KEY_POSITION;
	}
	if (byte > '?' && byte < '~')
		return arrow_key(keys, byte);
	return take_plain(keys, byte); /* the sequence was broken off */
}

/* Bytes that may be the end of the paste are kept until they are, or are not. */
static enum key take_pasted(struct keys *keys, char byte, bool *taken)
{
	if (byte == paste_end[keys->matched]) {
		keys->pasting = ++keys->matched < sizeof(paste_end) - 1;
		return KEY_NONE;
	}
	if (keys->matched > 0) {
		*taken = false;
		keys->length = keys->matched;
		memcpy(keys->bytes, paste_end, keys->length);
		keys->matched = 0;
		keys->after_return = false;
		return KEY_TEXT;
	}
	bool second = keys->after_return && byte == '\n';
	keys->after_return = byte == '\r';
	if (second) /* of a line that ended with both */
		return KEY_NONE;
	return byte == '\r' || byte == '\n' ? KEY_ENTER : text(keys, byte);
}

enum key keys_take(struct keys *keys, char byte, bool *taken)
{
	*taken = true;
	if (keys->pasting)
		return take_pasted(keys, byte, taken);
	switch (keys->state) {
	case KEYS_ESCAPE:
		return take_escape(keys, byte);
	case KEYS_CONTROL:
		return take_control(keys, byte);
	case KEYS_FUNCTION:
		keys->state = KEYS_PLAIN;
		return arrow_key(keys, byte);
	case KEYS_CONSOLE:
		keys->state = KEYS_PLAIN;
		return KEY_NONE;
	case KEYS_LITERAL:
		keys->state = KEYS_PLAIN;
		return text(keys, byte);
	case KEYS_PLAIN:
		break;
	}
	return take_plain(keys, byte);
}

static bool is_plain(const struct keys *keys, char byte)
{
	if (keys->pasting)
		return byte != ESCAPE && byte != '\r' && byte != '\n';
	return byte == '\t' || ((unsigned char)byte >= ' ' && byte != 0x7f);
}

size_t keys_plain(struct keys *keys, const char *bytes, size_t length)
{
	size_t count = 0;
	if (keys->pasting ? keys->matched > 0 : keys->state != KEYS_PLAIN)
		return 0;
	while (count < length && is_plain(keys, bytes[count]))
		count++;
	if (count > 0)
		keys->after_return = false;
	return count;
}
