#ifndef COMMANDS_OPTIONS_TAKE_H
#define COMMANDS_OPTIONS_TAKE_H

#include "commands/option_spec.h"

#include <sys/types.h>

/*
 * Ready-made take() functions and what their targets are. Numbers and times have the units of
 * base/quantity.h; without one a time is in what the function is named for.
 */
int take_true(const char *argument, const struct option_spec *spec, struct error *error); /* bool */
int take_text(const char *argument, const struct option_spec *spec,
	      struct error *error); /* const char * */
int take_number(const char *argument, const struct option_spec *spec,
		struct error *error); /* int64_t */
int take_bytes(const char *argument, const struct option_spec *spec,
	       struct error *error); /* int64_t, B may follow */
int take_octal(const char *argument, const struct option_spec *spec,
	       struct error *error); /* int64_t */
int take_seconds(const char *argument, const struct option_spec *spec,
		 struct error *error); /* int64_t ns */
int take_duration(const char *argument, const struct option_spec *spec,
		  struct error *error); /* int64_t ns, not 0 */
int take_microseconds(const char *argument, const struct option_spec *spec, struct error *error);

int take_uid(const char *argument, const struct option_spec *spec, struct error *error);
/* The target is a struct server_user. */
struct server_user {
	uid_t uid;
	const uid_t *chosen; /* &uid, or NULL: nobody was named */
};

/* clang-format off */
#define OPTION_SERVER_UID(user) \
	{ .name = "server-uid", .argument = "USER", \
	  .help = "a %s server must be this user's, name or number", .families = family_identifies, \
	  .take = take_uid, .target = (user) }
/* clang-format on */

#endif
