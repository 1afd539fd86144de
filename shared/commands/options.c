#include "commands/options.h"

#include "base/clock.h"
#include "net/family.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_OPTIONS 40

int take_true(const char *argument, const struct option_spec *spec, struct error *error)
{
	(void)argument, (void)error;
	*(bool *)spec->target = true;
	return 0;
}

int take_text(const char *argument, const struct option_spec *spec, struct error *error)
{
	if (*argument == '\0')
		return error_set(error, STATUS_USAGE, "is empty");
	*(const char **)spec->target = argument;
	return 0;
}

static int read_number(const char *argument, int base, const struct option_spec *spec,
		       struct error *error)
{
	char *end;
	errno = 0;
	long long number = strtoll(argument, &end, base);
	if (end == argument || *end || errno || !strchr("0123456789", *argument) ||
	    number < spec->least || number > spec->most)
		return error_set(error, STATUS_USAGE,
				 base == 8 ? "is not an octal number from %llo to %llo"
					   : "is not a whole number from %lld to %lld",
				 (long long)spec->least, (long long)spec->most);
	*(int64_t *)spec->target = number;
	return 0;
}

int take_number(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_number(argument, 10, spec, error);
}

int take_octal(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_number(argument, 8, spec, error);
}

static int read_time(const char *argument, int64_t unit, const struct option_spec *spec,
		     struct error *error)
{
	char *end;
	double number = strtod(argument, &end);
	if (end == argument || *end || !strchr("0123456789.", *argument) ||
	    strpbrk(argument, "xXnN") || number < (double)spec->least ||
	    number > (double)spec->most)
		return error_set(error, STATUS_USAGE, "is not a number from %lld to %lld",
				 (long long)spec->least, (long long)spec->most);
	*(int64_t *)spec->target = (int64_t)(number * (double)unit);
	return 0;
}

int take_seconds(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_time(argument, NSEC_PER_SEC, spec, error);
}

int take_microseconds(const char *argument, const struct option_spec *spec, struct error *error)
{
	return read_time(argument, NSEC_PER_USEC, spec, error);
}

int take_uid(const char *argument, const struct option_spec *spec, struct error *error)
{
	struct server_user *user = spec->target;
	int64_t number;
	const struct option_spec as_number = { .target = &number, .most = UINT32_MAX - 1 };
	if (take_number(argument, &as_number, error) == -1)
		return -1;
	user->uid = (uid_t)number;
	user->chosen = &user->uid;
	return 0;
}

static int choose_family(struct endpoint_flags *flags, const struct family *family,
			 struct error *error)
{
	if (flags->family && flags->family != family)
		return error_set(error, STATUS_USAGE, "contradicts the flag for %s",
				 flags->family->name);
	flags->family = family;
	return 0;
}

static int choose_kind(struct endpoint_flags *flags, const struct kind *kind, struct error *error)
{
	if (flags->kind && flags->kind != kind)
		return error_set(error, STATUS_USAGE, "contradicts the flag for %s",
				 flags->kind->name);
	flags->kind = kind;
	return 0;
}

int take_family(const char *argument, const struct option_spec *spec, struct error *error)
{
	const struct family *family = family_by_name(argument, strlen(argument));
	if (!family)
		return error_set(error, STATUS_USAGE, "is none of unix, inet, inet6");
	return choose_family(spec->target, family, error);
}

int take_kind(const char *argument, const struct option_spec *spec, struct error *error)
{
	const struct kind *kind = kind_by_name(argument, strlen(argument));
	if (!kind)
		return error_set(error, STATUS_USAGE, "is none of stream, dgram, seqpacket");
	return choose_kind(spec->target, kind, error);
}

int take_letter(const char *argument, const struct option_spec *spec, struct error *error)
{
	(void)argument;
	if (spec->letter == 'u')
		return choose_kind(spec->target, kind_dgram, error);
	const char *name = spec->letter == 'U' ? "unix" : spec->letter == '4' ? "inet" : "inet6";
	return choose_family(spec->target, family_by_name(name, strlen(name)), error);
}

static void print_help(const struct command *command, const struct option_spec *specs)
{
	printf("usage: sockfam %s [options]%s%s\n\n%s\n\n", command->name,
	       *command->operands ? " " : "", command->operands, command->summary);
	for (const struct option_spec *spec = specs; spec->name; spec++) {
		char left[80];
		int used = snprintf(left, sizeof(left), "%c%c", spec->letter ? '-' : ' ',
				    spec->letter ? spec->letter : ' ');
		if (*spec->name)
			used += snprintf(left + used, sizeof(left) - (size_t)used, "%s --%s",
					 spec->letter ? "," : " ", spec->name);
		if (spec->argument)
			snprintf(left + used, sizeof(left) - (size_t)used, " %s", spec->argument);
		printf("  %-30s %s\n", left, spec->help);
	}
	printf("  %-30s %s\n", "    --help", "print this");
	if (strstr(command->operands, "ENDPOINT"))
		printf("\nENDPOINT: [unix|inet|inet6[+stream|+dgram|+seqpacket]:]ADDRESS, see "
		       "sockfam(1)\n");
}

/* The table as getopt_long(3) wants it. */
static void translate(const struct option_spec *specs, char *letters, struct option *longs)
{
	size_t count = 0;
	*letters++ = ':'; /* a missing argument is told from an unknown option */
	for (const struct option_spec *spec = specs; spec->name; spec++) {
		if (spec->letter) {
			*letters++ = spec->letter;
			if (spec->argument)
				*letters++ = ':';
		}
		if (*spec->name)
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
	while (specs->name && specs->letter != code)
		specs++;
	return specs;
}

enum parsed options_parse(int argc, char **argv, const struct command *command,
			  const struct option_spec *specs, int *operands, struct error *error)
{
	char letters[2 * MOST_OPTIONS + 3];
	struct option longs[MOST_OPTIONS + 2] = { 0 };
	translate(specs, letters, longs);
	opterr = 0;
	for (;;) {
		int code = getopt_long(argc, argv, letters, longs, NULL);
		if (code == -1)
			break;
		if (code == 'h') {
			print_help(command, specs);
			return PARSED_HELP;
		}
		if (code == '?' || code == ':') {
			error_set(error, STATUS_USAGE, "%s: %s %s (sockfam %s --help)",
				  command->name,
				  code == '?' ? "no such option, or one that takes no argument:"
					      : "an argument is missing behind",
				  argv[optind - 1], command->name);
			return PARSED_WRONG;
		}
		const struct option_spec *spec = find(specs, code);
		struct error why;
		if (spec->take(optarg, spec, &why) == -1) {
			char letter[2] = { spec->letter, '\0' };
			error_set(error, why.status, "%s: %s%s%s%s: %s", command->name,
				  *spec->name ? "--" : "-", *spec->name ? spec->name : letter,
				  optarg ? " " : "", optarg ? optarg : "", why.text);
			return PARSED_WRONG;
		}
	}
	*operands = optind;
	return PARSED;
}
