#include "commands/options.h"

#include "base/nearest.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_end(const struct option_spec *spec)
{
	return !spec->take && !spec->endpoint;
}

/* The table with the endpoint options in it, each by itself; NULL: no memory. */
static struct option_spec *expand(const struct option_spec *specs)
{
	size_t room = 1; /* the end */
	for (const struct option_spec *spec = specs; !is_end(spec); spec++)
		room += spec->endpoint ? options_endpoint_most() : 1;
	struct option_spec *all = calloc(room, sizeof(*all)), *to = all;
	for (const struct option_spec *spec = specs; all && !is_end(spec); spec++) {
		if (spec->endpoint)
			to = options_put_endpoint(to, spec->endpoint);
		else
			*to++ = *spec;
	}
	return all;
}

static void print_option(const struct option_spec *spec)
{
	char left[80], names[200];
	int used = snprintf(left, sizeof(left), "%c%c", spec->letter ? '-' : ' ',
			    spec->letter ? spec->letter : ' ');
	if (spec->name)
		used += snprintf(left + used, sizeof(left) - (size_t)used, "%s --%s",
				 spec->letter ? "," : " ", spec->name);
	if (spec->argument)
		snprintf(left + used, sizeof(left) - (size_t)used, " %s", spec->argument);
	const char *place = spec->families ? strstr(spec->help, "%s") : NULL;
	if (place)
		printf("  %-30s %.*s%s%s\n", left, (int)(place - spec->help), spec->help,
		       family_names(names, sizeof(names), " or ", spec->families, NULL), place + 2);
	else
		printf("  %-30s %s\n", left, spec->help);
}

static void print_help(const struct command *command, const struct option_spec *specs)
{
	printf("usage: sockfam %s [options]%s%s\n\n%s\n\n", command->name,
	       *command->operands ? " " : "", command->operands, command->summary);
	for (const struct option_spec *spec = specs; !is_end(spec); spec++)
		print_option(spec);
	printf("  %-30s %s\n", "    --help", "print this");
	if (strstr(command->operands, "ENDPOINT"))
		options_print_endpoint();
}

/* The table as getopt_long(3) wants it. */
static void translate(const struct option_spec *specs, char *letters, struct option *longs)
{
	size_t count = 0;
	*letters++ = ':'; /* a missing argument is told from an unknown option */
	for (const struct option_spec *spec = specs; !is_end(spec); spec++) {
		if (spec->letter) {
			*letters++ = spec->letter;
			if (spec->argument)
				*letters++ = ':';
		}
		if (spec->name)
			longs[count++] =
				(struct option){ spec->name,
						 spec->argument ? required_argument : no_argument,
						 NULL, 256 + (int)(spec - specs) };
	}
	longs[count] = (struct option){ "help", no_argument, NULL, 'h' };
	*letters++ = 'h';
	*letters = '\0';
}

static const struct option_spec *find(const struct option_spec *specs, int code)
{
	if (code >= 256)
		return &specs[code - 256];
	while (!is_end(specs) && specs->letter != code)
		specs++;
	return specs;
}

/* `-count 3` is -c with the argument "ount", but not for who typed it. */
static const char *one_dash(const struct option_spec *specs, char **argv)
{
	const char *word = optarg ? argv[optind - 1] : NULL;
	if (!word || word[0] != '-' || word[1] == '-' || optarg != word + 2)
		return NULL;
	for (; !is_end(specs); specs++)
		if (specs->name && strcmp(specs->name, word + 1) == 0)
			return specs->name;
	return NULL;
}

static int take(const struct option_spec *spec, const struct command *command, const char *meant,
		struct error *error)
{
	struct error why;
	char letter[2] = { spec->letter, '\0' };
	if (spec->take(optarg, spec, &why) == 0)
		return 0;
	error_set(error, why.status, "%s: %s%s%s%s: %s", command->name, spec->name ? "--" : "-",
		  spec->name ? spec->name : letter, optarg ? " " : "", optarg ? optarg : "",
		  why.text);
	if (meant)
		error_append(error, " (--%s?)", meant);
	return -1;
}

/* WORD is no option: it may be the beginning of several, or nearly one. */
static void refuse(const char *word, const struct option_spec *specs, const struct command *command,
		   struct error *error)
{
	struct nearest nearest;
	size_t length = strcspn(word, "="), dashes = strspn(word, "-"), count = 0;
	nearest_begin(&nearest, word, length);
	error_set(error, STATUS_USAGE, "%s: %.*s: which of", command->name, (int)length, word);
	for (const struct option_spec *spec = specs; !is_end(spec); spec++) {
		if (!spec->name)
			continue;
		nearest_try(&nearest, spec->name);
		if (length > dashes && strncmp(spec->name, word + dashes, length - dashes) == 0 &&
		    dashes == 2)
			error_append(error, "%s --%s", count++ ? "," : "", spec->name);
	}
	nearest_try(&nearest, "help");
	if (count > 1)
		return;
	error_set(error, STATUS_USAGE, "%s: no such option: %.*s", command->name, (int)length,
		  word);
	if (nearest.best && nearest.length > 1)
		error_append(error, ": --%s?", nearest.best);
	error_append(error, " (sockfam %s --help)", command->name);
}

static void write_name(const struct option_spec *spec, int code, char *text, size_t room)
{
	if (!is_end(spec) && spec->name && code >= 256)
		snprintf(text, room, "--%s", spec->name);
	else if (code == 'h')
		snprintf(text, room, "--help");
	else
		snprintf(text, room, "-%c", code);
}

/* What getopt_long(3) does not take: CODE is what it returned, optopt what it was about. */
static void refuse_code(int code, char **argv, const struct command *command,
			const struct option_spec *specs, struct error *error)
{
	char name[80];
	const struct option_spec *spec = optopt ? find(specs, optopt) : NULL;
	if (spec)
		write_name(spec, optopt, name, sizeof(name));
	if (spec && code == ':')
		error_set(error, STATUS_USAGE, "%s: %s needs an argument: %s (sockfam %s --help)",
			  command->name, name, spec->argument, command->name);
	else if (spec && (optopt >= 256 || optopt == 'h'))
		error_set(error, STATUS_USAGE, "%s: %s takes no argument (sockfam %s --help)",
			  command->name, name, command->name);
	else if (!spec)
		refuse(argv[optind - 1], specs, command, error);
	else if (argv[optind] && argv[optind][0] == '-' && argv[optind][1] == optopt)
		refuse(argv[optind], specs, command, error); /* the first of several letters */
	else
		refuse(name, specs, command, error);
}

static enum parsed read_options(int argc, char **argv, const struct command *command,
				const struct option_spec *specs, const char *letters,
				const struct option *longs, struct error *error)
{
	opterr = 0;
	for (;;) {
		int code = getopt_long(argc, argv, letters, longs, NULL);
		if (code == -1)
			return PARSED;
		if (code == 'h') {
			print_help(command, specs);
			return PARSED_HELP;
		}
		if (code == '?' || code == ':') {
			refuse_code(code, argv, command, specs, error);
			return PARSED_WRONG;
		}
		if (take(find(specs, code), command, one_dash(specs, argv), error) == -1)
			return PARSED_WRONG;
	}
}

enum parsed options_parse(int argc, char **argv, const struct command *command,
			  const struct option_spec *specs, int *operands, struct error *error)
{
	enum parsed parsed = PARSED_WRONG;
	struct option_spec *all = expand(specs);
	size_t count = 0;
	while (all && !is_end(&all[count]))
		count++;
	char *letters = malloc(2 * count + 3);
	struct option *longs = calloc(count + 2, sizeof(*longs));
	if (all && letters && longs) {
		translate(all, letters, longs);
		parsed = read_options(argc, argv, command, all, letters, longs, error);
	} else {
		error_system(error, STATUS_SYSTEM, errno, "%s", command->name);
	}
	*operands = optind;
	free(longs);
	free(letters);
	free(all);
	return parsed;
}
