#include "commands/command.h"
#include "commands/options.h"
#include "commands/tour.h"

static int run(int argc, char **argv)
{
	struct error error;
	const struct option_spec specs[] = { OPTIONS_END };
	int operands;
	enum parsed parsed = options_parse(argc, argv, &command_demo, specs, &operands, &error);
	if (parsed == PARSED_HELP)
		return STATUS_OK;
	if (parsed == PARSED_WRONG)
		return command_fail(&error);
	if (argv[operands]) {
		error_set(&error, STATUS_USAGE, "demo: no demonstration is called '%s'",
			  argv[operands]);
		return command_fail(&error);
	}
	return tour(&error) == -1 ? command_fail(&error) : STATUS_OK;
}

const struct command command_demo = {
	.name = "demo",
	.operands = "",
	.summary = "the tour: every family and type, a message through each",
	.run = run,
};
