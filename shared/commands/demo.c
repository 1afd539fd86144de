#include "base/nearest.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/standard.h"
#include "commands/tour.h"
#include "demos/demo.h"
#include "demos/demos.h"
#include "demos/narrator.h"
#include "net/family.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Colour for the eyes: only on a terminal, and not if NO_COLOR is set (no-color.org). */
struct colours {
	const char *good, *bad, *dim, *none;
};

struct show {
	struct colours colours;
	bool tap;
	unsigned number; /* of TAP's tests */
	const struct demo *demo;
	unsigned held, failed, skipped, run;
	bool unheard; /* nobody reads any more */
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

static void print_line(void *context, enum demo_line line, const char *text)
{
	struct show *show = context;
	const struct colours *colours = &show->colours;
	if (show->tap)
		print_tap(show, line, text);
	else if (line == DEMO_SAID)
		printf("  %s\n", text);
	else if (line == DEMO_SHOWN)
		printf("%s      %s%s\n", colours->dim, text, colours->none);
	else if (line == DEMO_HOLDS)
		printf("  %sok%s      %s\n", colours->good, colours->none, text);
	else if (line == DEMO_FAILS)
		printf("  %snot ok%s  %s\n", colours->bad, colours->none, text);
	else
		printf("  skipped: %s\n", text);
	if (!standard_push()) /* what comes next may take a moment, or die */
		show->unheard = true;
}

static void run_one(struct show *show, const struct demo *demo)
{
	struct narrator narrator = { .print = print_line, .context = show };
	show->demo = demo;
	show->run++;
	if (!show->tap)
		printf("%s%s: %s\n", show->run > 1 ? "\n" : "", demo->name, demo->summary);
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

static void list(void)
{
	struct found found;
	for (size_t i = 0; (found = nth(i)).demo; i++)
		printf("%-24s %-6s %s\n", found.demo->name, found.family, found.demo->summary);
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
		for (size_t i = 0; (found = nth(i)).demo && !show->unheard; i++)
			run_one(show, found.demo);
	else
		for (; *names && !show->unheard; names++)
			run_one(show, find(*names));
	if (show->tap)
		printf("1..%u\n", show->number);
	else if (show->run > 1)
		printf("\n%u demonstrations: %u claims hold, %u do not, %u demonstrations "
		       "skipped\n",
		       show->run, show->held, show->failed, show->skipped);
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
	struct show show = { .colours = { "", "", "", "" } };
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
