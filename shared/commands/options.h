#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include "base/error.h"
#include "commands/command.h"
#include "net/notation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Options as a table: getopt_long(3) reads them by it, --help is printed from it, and what takes an
 * argument says so in one place. An entry without a name ends the table.
 */
struct option_spec {
	char letter;          /* 0: none */
	const char *name;     /* without its dashes; "" with a letter alone */
	const char *argument; /* NULL: takes none */
	const char *help;
	/* Stores it. Errors say what is wrong with ARGUMENT; which option it was is added. */
	int (*take)(const char *argument, const struct option_spec *spec, struct error *error);
	void *target;
	int64_t least, most; /* of a number, in the unit of its argument */
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

/* These fill a struct endpoint_flags: -U, -4, -6, --family, -u, -t. */
int take_family(const char *argument, const struct option_spec *spec, struct error *error);
int take_kind(const char *argument, const struct option_spec *spec, struct error *error);
int take_letter(const char *argument, const struct option_spec *spec, struct error *error);

int take_uid(const char *argument, const struct option_spec *spec, struct error *error);
/* The target is a struct server_user. */
struct server_user {
	uid_t uid;
	const uid_t *chosen; /* &uid, or NULL: nobody was named */
};

#define OPTION_SERVER_UID(user) \
	{ \
		0, "server-uid", "UID", "a unix server must be this user's", take_uid, user, 0, 0 \
	}

#define OPTIONS_ENDPOINT(flags) \
	{ 'U', "", NULL, "unix sockets", take_letter, flags, 0, 0 }, \
		{ '4', "", NULL, "IPv4", take_letter, flags, 0, 0 }, \
		{ '6', "", NULL, "IPv6", take_letter, flags, 0, 0 }, \
		{ 0, "family", "FAMILY", "unix, inet or inet6", take_family, flags, 0, 0 }, \
		{ 'u', "", NULL, "datagrams (dgram)", take_letter, flags, 0, 0 }, \
	{ \
		't', "type", "TYPE", "stream, dgram or seqpacket", take_kind, flags, 0, 0 \
	}

#define OPTIONS_END \
	{ \
		0, NULL, NULL, NULL, NULL, NULL, 0, 0 \
	}

enum parsed { PARSED, PARSED_HELP, PARSED_WRONG };

/*
 * Reads the options; *OPERANDS becomes the index of the first operand. PARSED_HELP: the help was
 * asked for and is printed.
 */
enum parsed options_parse(int argc, char **argv, const struct command *command,
			  const struct option_spec *specs, int *operands, struct error *error);

#endif
