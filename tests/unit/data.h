#ifndef UNIT_DATA_H
#define UNIT_DATA_H

#include "check.h"

#include <stdlib.h>
#include <string.h>

/*
 * Published test data, which is not part of the project. It is looked for in the folder that
 * TESTS_DATA names; a test that does not find its own is skipped, by name.
 */
static inline const char *data_folder(void)
{
	const char *folder = getenv("TESTS_DATA");
	return folder && *folder ? folder : "../shared/data";
}

/* NULL if it is not there; the test is then reported as skipped. */
static inline FILE *data_open(const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", data_folder(), name);
	FILE *file = fopen(path, "rb");
	if (!file)
		check_skip(name, "no such file in TESTS_DATA");
	return file;
}

/* Turns hexadecimal digits into bytes, up to the first character that is none; returns how many. */
static inline size_t data_hex(const char *text, unsigned char *bytes, size_t room)
{
	static const char digits[] = "0123456789abcdef";
	size_t count = 0;
	const char *high, *low;
	while (count < room && text[0] && (high = strchr(digits, text[0])) && text[1] &&
	       (low = strchr(digits, text[1]))) {
		bytes[count++] = (unsigned char)((high - digits) << 4 | (low - digits));
		text += 2;
	}
	return count;
}

#endif
