#include "base/nearest.h"
#include "base/version.h"
#include "commands/command.h"
#include "commands/standard.h"
#include "net/loop.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_serve, &command_talk, &command_ping, &command_bench, &command_demo,
};

#define COUNT (sizeof(commands) / sizeof(*commands))

static void print_usage(FILE *stream)
{
	fputs("usage: sockfam COMMAND [options] [ENDPOINT...]\n\n", stream);
	for (size_t i = 0; i < COUNT; i++)
		fprintf(stream, "  %-6s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\nsockfam COMMAND --help lists a command's options; the manual is sockfam(1).\n",
	      stream);
}

static int finish(int status)
{
	struct error error;
	if (status == STATUS_OK && standard_flush(&error) == -1)
		return command_fail(&error);
	return status;
}

static void refuse(const char *word, struct error *error)
{
	struct nearest nearest;
	nearest_begin(&nearest, word, strlen(word));
	for (size_t i = 0; i < COUNT; i++)
		nearest_try(&nearest, commands[i]->name);
	nearest_try(&nearest, "--help");
	nearest_try(&nearest, "--version");
	error_set(error, STATUS_USAGE, "%s: no such %s", word, *word == '-' ? "option" : "command");
	if (nearest.best)
		error_append(error, ": sockfam %s?", nearest.best);
	else
		error_append(error, " (sockfam --help)");
}

int main(int argc, char **argv)
{
	struct error error;
	if (standard_hold(&error) == -1)
		return command_fail(&error);
	if (argc < 2) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_usage(stdout);
		return finish(STATUS_OK);
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("sockfam %s (%s)\n", VERSION, loop_name());
		return finish(STATUS_OK);
	}
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return finish(commands[i]->run(argc - 1, argv + 1));
	refuse(argv[1], &error);
	return command_fail(&error);
}
