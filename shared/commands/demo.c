#include "base/clock.h"
#include "base/nearest.h"
#include "base/window.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/standard.h"
#include "commands/tour.h"
#include "commands/wrap.h"
#include "demos/demo.h"
#include "demos/demos.h"
#include "demos/narrator.h"
#include "net/family.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So long all of them together may take: 10 s, less what it takes to end and to tell. */
#define ALL_MOST (17 * NSEC_PER_SEC / 2)

/* Colour for the eyes: only on a terminal, and not if NO_COLOR is set (no-color.org). */
struct colours {
	const char *good, *bad, *dim, *none;
};

struct show {
	struct colours colours;
	bool tap;
	int columns;     /* of the window; TAP has a line a test, however long */
	unsigned number; /* of TAP's tests */
	const struct demo *demo;
	unsigned held, failed, skipped; /* claims */
	unsigned run;                   /* demonstrations */
	int64_t until;                  /* when --all has to be over: NARRATOR.until */
	bool unheard;                   /* nobody reads any more */
};

struct found {
	const struct demo *demo;
	const char *family;
};

static void print_tap(struct show *show, enum demo_line line, const char *text)
{
	const char *name = show->demo->name;
	if (line == DEMO_SAID || line == DEMO_SHOWN)
		return;
	printf("%sok %u - %s: %s%s\n", line == DEMO_FAILS ? "not " : "", ++show->number, name,
	       line == DEMO_SKIPS ? "# SKIP " : "", text);
}

/* The words in front, and then the text, its later lines below its first. */
static void print_wrapped(const struct show *show, enum demo_line line, const char *text)
{
	const struct colours *colours = &show->colours;
	const bool shown = line == DEMO_SHOWN;
	int used = shown ? 6 : 2;
	printf("%*s%s", used, "", shown ? colours->dim : "");
	if (line == DEMO_HOLDS)
		used += printf("%sok%s      ", colours->good, colours->none) -
			(int)(strlen(colours->good) + strlen(colours->none));
	else if (line == DEMO_FAILS)
		used += printf("%snot ok%s  ", colours->bad, colours->none) -
			(int)(strlen(colours->bad) + strlen(colours->none));
	else if (line == DEMO_SKIPS)
		used += printf("skipped: ");
	wrap_print(text, show->columns, used, used + (shown ? (int)strspn(text, " ") : 0));
	if (shown)
		fputs(colours->none, stdout);
}

static void print_line(void *context, enum demo_line line, const char *text)
{
	struct show *show = context;
	if (show->tap)
		print_tap(show, line, text);
	else
		print_wrapped(show, line, text);
	if (!standard_push()) /* what comes next may take a moment, or die */
		show->unheard = true;
}

static void print_heading(const struct show *show, const struct demo *demo)
{
	if (show->run > 1)
		putchar('\n');
	int used = printf("%s: ", demo->name);
	wrap_print(demo->summary, show->columns, used, 4);
}

static void run_one(struct show *show, const struct demo *demo)
{
	struct narrator narrator = { .print = print_line, .context = show, .until = show->until };
	show->demo = demo;
	show->run++;
	if (!show->tap)
		print_heading(show, demo);
	standard_push();
	demo_run(demo, &narrator);
	show->held += narrator.held;
	show->failed += narrator.failed;
	show->skipped += narrator.skipped;
}

/* The INDEXth of the table; NULL beyond its end, and *INDEX is less by what the table has. */
static const struct demo *within(const struct demo *table, size_t *index)
{
	for (; table && table->name; table++)
		if ((*index)-- == 0)
			return table;
	return NULL;
}

/* The INDEXth of all; its demo is NULL after the last. */
static struct found nth(size_t index)
{
	for (const struct family *const *family = families; *family; family++) {
		const struct demo *demo = within((*family)->demos, &index);
		if (demo)
			return (struct found){ demo, (*family)->name };
	}
	return (struct found){ within(shared_demos, &index), "all" };
}

static const struct demo *find(const char *name)
{
	struct found found;
	for (size_t i = 0; (found = nth(i)).demo; i++)
		if (strcmp(found.demo->name, name) == 0)
			return found.demo;
	return NULL;
}

/* A line each, for programs too: a summary that does not fit loses its middle. */
static void list(void)
{
	struct found found;
	size_t name = 0, family = 0;
	char summary[128];
	for (size_t i = 0; (found = nth(i)).demo; i++) {
		name = strlen(found.demo->name) > name ? strlen(found.demo->name) : name;
		family = strlen(found.family) > family ? strlen(found.family) : family;
	}
	int left = window_columns(STDOUT_FILENO) - (int)(name + family + 2);
	for (size_t i = 0; (found = nth(i)).demo; i++)
		printf("%-*s %-*s %s\n", (int)name, found.demo->name, (int)family, found.family,
		       window_shorten(summary, sizeof(summary), found.demo->summary, left));
}

static int refuse(const char *name, struct error *error)
{
	struct found found;
	struct nearest nearest;
	nearest_begin(&nearest, name, strlen(name));
	for (size_t i = 0; (found = nth(i)).demo; i++)
		nearest_try(&nearest, found.demo->name);
	error_set(error, STATUS_USAGE, "demo: no demonstration is called '%s'", name);
	if (nearest.best)
		error_append(error, ": %s?", nearest.best);
	error_append(error, " (sockfam demo --list)");
	return -1;
}

static int run_chosen(struct show *show, char **names, bool all, struct error *error)
{
	struct found found;
	for (char **name = names; *name; name++)
		if (!find(*name))
			return refuse(*name, error);
	if (all)
		show->until = clock_now() + ALL_MOST;
	if (all)
		for (size_t i = 0; (found = nth(i)).demo && !show->unheard; i++)
			run_one(show, found.demo);
	else
		for (; *names && !show->unheard; names++)
			run_one(show, find(*names));
	if (show->tap)
		printf("1..%u\n", show->number);
	else if (show->run > 1)
		printf("\n%u demonstrations: %u claims hold, %u do not, %u skipped\n", show->run,
		       show->held, show->failed, show->skipped);
	if (show->failed > 0)
		return error_set(error, STATUS_BAD,
				 "demo: %u of %u claims do not hold on this machine", show->failed,
				 show->held + show->failed);
	return 0;
}

static int run(int argc, char **argv)
{
	struct error error;
	bool all = false, listing = false;
	struct show show = { .colours = { "", "", "", "" },
			     .columns = window_columns(STDOUT_FILENO) };
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		{ .name = "list", .help = "name the demonstrations",
		  .take = take_true, .target = &listing },
		{ .name = "all", .help = "run all of them",
		  .take = take_true, .target = &all },
		{ .name = "tap", .help = "print TAP (testanything.org): a test a claim",
		  .take = take_true, .target = &show.tap },
		OPTIONS_END,
	};
	/* clang-format on */
	int operands;
	enum parsed parsed = options_parse(argc, argv, &command_demo, specs, &operands, &error);
	if (parsed == PARSED_HELP)
		return STATUS_OK;
	if (parsed == PARSED_WRONG)
		return command_fail(&error);
	const char *plain = getenv("NO_COLOR");
	if (isatty(STDOUT_FILENO) && (!plain || !*plain))
		show.colours = (struct colours){ "\033[32m", "\033[1;31m", "\033[2m", "\033[0m" };
	/* a demonstration that is killed half-way would leave its files behind */
	signal(SIGPIPE, SIG_IGN);
	int result = 0;
	if (listing)
		list();
	else if (all && argv[operands])
		result = error_set(&error, STATUS_USAGE, "demo: --all, or names");
	else if (all || argv[operands])
		result = run_chosen(&show, argv + operands, all, &error);
	else if (show.tap)
		result = error_set(&error, STATUS_USAGE,
				   "demo: --tap: of which demonstrations? (--all)");
	else
		result = tour(&error);
	return result == -1 ? command_fail(&error) : STATUS_OK;
}

const struct command command_demo = {
	.name = "demo",
	.operands = "[NAME...]",
	.summary = "the tour of every family and type, or demonstrations that check themselves",
	.run = run,
};
