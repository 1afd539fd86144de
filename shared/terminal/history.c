#include "terminal/history.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void history_free(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		free(history->entries[i].bytes);
	free(history->entries);
	free(history->typed.bytes);
}

static bool copy(struct history_entry *entry, const char *bytes, size_t length)
{
	entry->length = 0;
	entry->bytes = malloc(length + 1);
	if (!entry->bytes)
		return false;
	if (length > 0)
		memcpy(entry->bytes, bytes, length);
	entry->length = length;
	return true;
}

static void forget_oldest(struct history *history)
{
	history->bytes -= history->entries[0].length;
	free(history->entries[0].bytes);
	history->count--;
	memmove(history->entries, history->entries + 1, history->count * sizeof(*history->entries));
}

static bool is_last(const struct history *history, const char *bytes, size_t length)
{
	if (history->count == 0)
		return false;
	const struct history_entry *last = &history->entries[history->count - 1];
	return last->length == length && memcmp(last->bytes, bytes, length) == 0;
}

void history_add(struct history *history, const char *bytes, size_t length)
{
	if (!history->entries)
		history->entries = malloc(HISTORY_ENTRIES * sizeof(*history->entries));
	if (length > 0 && history->entries && !is_last(history, bytes, length)) {
		while (history->count == HISTORY_ENTRIES ||
		       (history->count > 0 && history->bytes + length > HISTORY_BYTES))
			forget_oldest(history);
		if (copy(&history->entries[history->count], bytes, length)) {
			history->count++;
			history->bytes += length;
		}
	}
	history->place = history->count;
}

const struct history_entry *history_up(struct history *history, const char *bytes, size_t length)
{
	if (history->place == 0)
		return NULL;
	if (history->place == history->count) {
		free(history->typed.bytes);
		if (!copy(&history->typed, bytes, length))
			return NULL;
	}
	return &history->entries[--history->place];
}

const struct history_entry *history_down(struct history *history)
{
	if (history->place == history->count)
		return NULL;
	history->place++;
	return history->place == history->count ? &history->typed
						: &history->entries[history->place];
}
