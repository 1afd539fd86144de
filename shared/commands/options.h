#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include "base/error.h"
#include "commands/command.h"
#include "net/family.h"
#include "net/notation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Options as a table: getopt_long(3) reads them by it, --help is printed from it, and what takes an
 * argument says so in one place. OPTIONS_END ends the table.
 */
struct option_spec {
	char letter;          /* 0: none */
	const char *name;     /* without its dashes; NULL: a letter alone */
	const char *argument; /* NULL: takes none */
	const char *help;     /* %s in it stands for names, see FAMILIES */
	/* Stores it. Errors say what is wrong with ARGUMENT; which option it was is added. */
	int (*take)(const char *argument, const struct option_spec *spec, struct error *error);
	void *target;
	int64_t least, most; /* of a number, in the unit of its argument */
	/* Not NULL: %s in the help is "unix, inet or inet6", those of which this is true. */
	bool (*families)(const struct family *family, const struct kind *kind);
	/* Not NULL: instead of all that, the options that choose a family and a type. */
	struct endpoint_flags *endpoint;
};

/* Ready-made take() functions and what their targets are. */
int take_true(const char *argument, const struct option_spec *spec, struct error *error); /* bool */
int take_text(const char *argument, const struct option_spec *spec,
	      struct error *error); /* const char * */
int take_number(const char *argument, const struct option_spec *spec,
		struct error *error); /* int64_t */
int take_octal(const char *argument, const struct option_spec *spec,
	       struct error *error); /* int64_t */
int take_seconds(const char *argument, const struct option_spec *spec,
		 struct error *error); /* int64_t ns */
int take_microseconds(const char *argument, const struct option_spec *spec, struct error *error);

int take_uid(const char *argument, const struct option_spec *spec, struct error *error);
/* The target is a struct server_user. */
struct server_user {
	uid_t uid;
	const uid_t *chosen; /* &uid, or NULL: nobody was named */
};

/* clang-format off */

/* --family, -u, -t and a letter for each family that has one, into a struct endpoint_flags. */
#define OPTIONS_ENDPOINT(flags) \
	{ .endpoint = (flags) }

#define OPTION_SERVER_UID(user) \
	{ .name = "server-uid", .argument = "UID", \
	  .help = "a %s server must be this user's", .families = family_identifies, \
	  .take = take_uid, .target = (user) }

#define OPTIONS_END \
	{ .take = NULL }

/* clang-format on */

enum parsed { PARSED, PARSED_HELP, PARSED_WRONG };

/*
 * Reads the options; *OPERANDS becomes the index of the first operand. PARSED_HELP: the help was
 * asked for and is printed.
 */
enum parsed options_parse(int argc, char **argv, const struct command *command,
			  const struct option_spec *specs, int *operands, struct error *error);

#endif
