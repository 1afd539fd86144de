#include "commands/lines.h"

#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(2);
}

/* What INPUT becomes if it is fed in pieces of at most PIECE bytes: each line within <>. */
static void read_all(const char *input, size_t length, size_t piece, char *got)
{
	struct lines lines = { 0 };
	struct error error;
	int ends[2];
	char *text;
	size_t size, number = 0;
	must(pipe(ends) == 0, "pipe");
	*got = '\0';
	while (!lines.ended) {
		size_t now = length < piece ? length : piece;
		if (now > 0)
			must(write(ends[1], input, now) == (ssize_t)now, "write");
		else
			close(ends[1]);
		input += now;
		length -= now;
		if (lines_fill(&lines, ends[0], &error) == -1) {
			strcat(got, error.text);
			break;
		}
		while (lines_next(&lines, &text, &size)) {
			strcat(got, "<");
			strncat(got, text, size);
			strcat(got, lines.number == ++number ? ">" : "> wrong number");
		}
	}
	close(ends[0]);
	free(lines.bytes);
}

static void test_lines(void)
{
	static const struct {
		const char *what, *input, *wanted;
	} rows[] = {
		{ "nothing at all", "", "" },
		{ "one line", "one\n", "<one>" },
		{ "the last line without a newline", "one\ntwo", "<one><two>" },
		{ "a lone line without a newline", "one", "<one>" },
		{ "empty lines", "\n\na\n\n", "<><><a><>" },
		{ "an empty line alone", "\n", "<>" },
		{ "a carriage return is a byte like any other", "a\r\nb\r\n", "<a\r><b\r>" },
		{ "spaces stay", " a \n\tb\n  ", "< a ><\tb><  >" },
		{ "bytes beyond ASCII", "\xff\xfe\n\x80", "<\xff\xfe><\x80>" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char got[256];
		bool good = true;
		/* any cut into pieces gives the same lines */
		for (size_t piece = 1; piece <= strlen(rows[i].input) + 1 && good; piece++) {
			read_all(rows[i].input, strlen(rows[i].input), piece, got);
			good = strcmp(got, rows[i].wanted) == 0;
		}
		check(good, "%s: %s", rows[i].what, got);
	}
}

static void test_nul(void)
{
	const char input[] = "a\0b\nc\0";
	struct lines lines = { 0 };
	struct error error;
	int ends[2];
	char *text;
	size_t size;
	must(pipe(ends) == 0, "pipe");
	must(write(ends[1], input, 6) == 6, "write");
	close(ends[1]);
	must(lines_fill(&lines, ends[0], &error) == 0, "fill");
	check(lines_next(&lines, &text, &size) && size == 3 && memcmp(text, "a\0b", 3) == 0,
	      "a NUL byte is part of its line");
	check(!lines_next(&lines, &text, &size), "a line that goes on is not given yet");
	must(lines_fill(&lines, ends[0], &error) == 0, "fill");
	check(lines.ended && lines_next(&lines, &text, &size) && size == 2 &&
		      memcmp(text, "c\0", 2) == 0,
	      "until the input ends");
	check(!lines_next(&lines, &text, &size), "and nothing follows");
	close(ends[0]);
	free(lines.bytes);
}

static void test_unreadable(void)
{
	struct lines lines = { 0 };
	struct error error;
	char *text;
	size_t size;
	check(!lines_next(&lines, &text, &size), "there is no line before the first fill");
	check(lines_fill(&lines, -1, &error) == -1 && error.number == EBADF,
	      "an input that cannot be read is an error");
	check(!lines_next(&lines, &text, &size), "and gives no line");
	free(lines.bytes);
}

/* A file of a short line, then one of LENGTH bytes, then another short one. */
static int file_with(size_t length)
{
	FILE *file = tmpfile();
	must(file != NULL, "tmpfile");
	fputs("short\n", file);
	for (size_t i = 0; i < length; i++)
		putc('a' + (int)(i % 26), file);
	fputs("\nlast", file);
	must(fflush(file) == 0, "fflush");
	int fd = dup(fileno(file));
	must(fd != -1 && lseek(fd, 0, SEEK_SET) == 0, "lseek");
	fclose(file);
	return fd;
}

static bool is_alphabet(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] != 'a' + (int)(i % 26))
			return false;
	return true;
}

static void test_long(size_t length, bool fits)
{
	struct lines lines = { 0 };
	struct error error = { .status = STATUS_OK };
	int fd = file_with(length);
	char *text;
	size_t size, seen[4] = { 0 };
	bool whole = true;
	while (!lines.ended && lines_fill(&lines, fd, &error) == 0)
		while (lines_next(&lines, &text, &size) && lines.number < 4) {
			seen[lines.number] = size;
			whole = whole && (lines.number != 2 || is_alphabet(text, size));
		}
	if (fits)
		check(lines.number == 3 && seen[1] == 5 && seen[2] == length && seen[3] == 4 &&
			      whole,
		      "a line of %zu bytes comes whole", length);
	else
		check(error.status == STATUS_DATA && strstr(error.text, "line 2") &&
			      lines.number == 1,
		      "a line of %zu bytes is refused, by its number: %s", length, error.text);
	close(fd);
	free(lines.bytes);
}

int main(void)
{
	test_lines();
	test_nul();
	test_unreadable();
	test_long(64 << 10, true);
	test_long((64 << 10) - 6, true); /* its newline is the first byte of the next read */
	test_long(300001, true);
	test_long(LINE_MOST, true);
	test_long(LINE_MOST + (LINE_MOST >> 2), false);
	return check_done();
}
