#ifndef COMMANDS_OPTION_SPEC_H
#define COMMANDS_OPTION_SPEC_H

#include "base/error.h"
#include "net/family.h"
#include "net/notation.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Options as a table: getopt_long(3) reads them by it, --help is printed from it, and what takes an
 * argument says so in one place. OPTIONS_END (options.h) ends it.
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

#endif
