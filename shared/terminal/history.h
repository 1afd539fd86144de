#ifndef TERMINAL_HISTORY_H
#define TERMINAL_HISTORY_H

#include <stddef.h>

/* The lines of this session, to be had again. Zero the struct; history_free() at the end. */
struct history {
	struct history_entry {
		char *bytes;
		size_t length;
	} * entries;
	size_t count;
	size_t bytes; /* of all entries */
	size_t place; /* the entry that is shown; COUNT: the line that is being typed */
	struct history_entry typed; /* that line, while an entry is shown */
};

/* The oldest go where there are more. */
#define HISTORY_ENTRIES 1000
#define HISTORY_BYTES (8 << 20)

void history_free(struct history *history);

/* Keeps a line, unless it is empty, the same as the last, or there is no memory for it. */
void history_add(struct history *history, const char *bytes, size_t length);

/*
 * The entry before or after the one that is shown; NULL: there is none. BYTES is what is in the
 * line now, and comes back after the last entry if it is the one that was being typed.
 */
const struct history_entry *history_up(struct history *history, const char *bytes, size_t length);
const struct history_entry *history_down(struct history *history);

#endif
