#include "base/error.h"

#include "check.h"

#include <errno.h>
#include <string.h>

static void test_set(void)
{
	struct error error = { .status = STATUS_OK, .number = 7, .text = "left over" };
	check(error_set(&error, STATUS_DATA, "%s: number %d", "what", 3) == -1,
	      "error_set returns -1");
	check(error.status == STATUS_DATA, "it keeps the status");
	check(error.number == 0, "it has no errno value");
	check(strcmp(error.text, "what: number 3") == 0, "its text replaces the old: %s",
	      error.text);
}

static void test_system(void)
{
	struct error error = { .text = "left over" };
	char wanted[256];
	snprintf(wanted, sizeof(wanted), "bind x: %s", strerror(EADDRINUSE));
	errno = EINTR;
	check(error_system(&error, STATUS_CANNOT_LISTEN, EADDRINUSE, "bind %s", "x") == -1,
	      "error_system returns -1");
	check(error.status == STATUS_CANNOT_LISTEN, "it keeps the status");
	check(error.number == EADDRINUSE, "it keeps the errno value that it was given");
	check(strcmp(error.text, wanted) == 0, "its text names the cause: %s", error.text);
}

static void test_append(void)
{
	struct error error;
	error_set(&error, STATUS_NOBODY, "connect");
	error_append(&error, ": %s", "refused");
	error_append(&error, "%s", "");
	error_append(&error, " (%d of %d)", 1, 2);
	check(strcmp(error.text, "connect: refused (1 of 2)") == 0, "appended: %s", error.text);
	check(error.status == STATUS_NOBODY, "appending leaves the status");
}

/* A text that is too long is cut; what follows the struct in memory stays untouched. */
static void test_bounds(void)
{
	struct {
		struct error error;
		char guard[64];
	} room;
	char longer[2 * sizeof(room.error.text)];
	const size_t most = sizeof(room.error.text) - 1;
	bool whole = true;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	memset(room.guard, 'g', sizeof(room.guard));

	error_set(&room.error, STATUS_BAD, "%s", longer);
	check(strlen(room.error.text) == most, "error_set cuts at %zu bytes", most);
	error_append(&room.error, "%s", longer);
	check(strlen(room.error.text) == most, "error_append to a full text does nothing");
	error_system(&room.error, STATUS_BAD, ENOENT, "%s", longer);
	check(strlen(room.error.text) == most && room.error.number == ENOENT,
	      "error_system cuts too");
	error_set(&room.error, STATUS_BAD, "%.*s", (int)most - 1, longer);
	error_append(&room.error, "yz");
	check(strlen(room.error.text) == most && room.error.text[most - 1] == 'y',
	      "the last byte of the room is used");
	for (size_t i = 0; i < sizeof(room.guard); i++)
		whole = whole && room.guard[i] == 'g';
	check(whole, "nothing is written beyond it");
}

int main(void)
{
	test_set();
	test_system();
	test_append();
	test_bounds();
	return check_done();
}
