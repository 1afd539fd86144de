#include "commands/options_endpoint.h"

#include "net/guess.h"

#include <stdio.h>
#include <string.h>

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

static int take_family(const char *argument, const struct option_spec *spec, struct error *error)
{
	char names[200];
	const char *meant;
	const struct family *family = family_by_name(argument, strlen(argument));
	if (!family) {
		meant = guess_family(argument, strlen(argument));
		error_set(error, STATUS_USAGE, "is none of %s",
			  family_names(names, sizeof(names), ", ", family_any, NULL));
		if (meant)
			error_append(error, ": %s?", meant);
		return -1;
	}
	return choose_family(spec->target, family, error);
}

static int take_flag(const char *argument, const struct option_spec *spec, struct error *error)
{
	(void)argument;
	return choose_family(spec->target, family_by_flag(spec->letter), error);
}

static int take_kind(const char *argument, const struct option_spec *spec, struct error *error)
{
	const struct kind *kind = kind_by_name(argument, strlen(argument));
	if (!kind) {
		const char *meant = guess_kind(argument, strlen(argument));
		error_set(error, STATUS_USAGE, "is none of stream, dgram, seqpacket");
		if (meant)
			error_append(error, ": %s?", meant);
		return -1;
	}
	return choose_kind(spec->target, kind, error);
}

static int take_dgram(const char *argument, const struct option_spec *spec, struct error *error)
{
	(void)argument;
	return choose_kind(spec->target, kind_dgram, error);
}

struct option_spec *options_put_endpoint(struct option_spec *to, struct endpoint_flags *flags)
{
	for (const struct family *const *each = families; *each; each++) {
		const char *title = (*each)->title ? (*each)->title : (*each)->name;
		if ((*each)->flag)
			*to++ = (struct option_spec){ .letter = (*each)->flag,
						      .help = title,
						      .take = take_flag,
						      .target = flags };
	}
	*to++ = (struct option_spec){ .name = "family",
				      .argument = "FAMILY",
				      .help = "%s",
				      .families = family_any,
				      .take = take_family,
				      .target = flags };
	*to++ = (struct option_spec){
		.letter = 'u', .help = "datagrams (dgram)", .take = take_dgram, .target = flags
	};
	*to++ = (struct option_spec){ .letter = 't',
				      .name = "type",
				      .argument = "TYPE",
				      .help = "stream, dgram or seqpacket",
				      .take = take_kind,
				      .target = flags };
	return to;
}

size_t options_endpoint_most(void)
{
	size_t count = 3;
	for (const struct family *const *each = families; *each; each++)
		count++;
	return count;
}

void options_print_endpoint(void)
{
	puts("\nENDPOINT: [FAMILY[+TYPE]:]ADDRESS, see sockfam(1)");
	for (const struct family *const *each = families; *each; each++) {
		const char *before = "+";
		printf("  %s", (*each)->name);
		for (size_t k = 0; k < KIND_COUNT; k++) {
			if (!family_has(*each, &kinds[k]))
				continue;
			printf("%s%s", before, kinds[k].name);
			before = "|";
		}
		printf(":%s", (*each)->form ? (*each)->form : "NAME");
		if ((*each)->flag)
			printf(" -%c", (*each)->flag);
		putchar('\n');
	}
}
