#include "net/notation.h"

#include "net/family.h"
#include "net/guess.h"
#include "net/hostport.h"

#include <stdio.h>
#include <string.h>

/*
 * Reads "FAMILY:" or "FAMILY+TYPE:" off the operand. Returns what is behind it, the operand itself
 * where no family's name leads it, NULL where the type is none of that family's.
 */
static const char *read_prefix(const char *operand, const struct family **family,
			       const struct kind **kind, struct error *error)
{
	size_t length = strcspn(operand, ":");
	if (operand[length] != ':')
		return operand;
	size_t name = strcspn(operand, "+:");
	*family = family_by_name(operand, name);
	if (!*family)
		return operand;
	if (operand[name] == '+') {
		*kind = kind_by_name(operand + name + 1, length - name - 1);
		if (!*kind) {
			const char *word = operand + name + 1;
			const char *meant = guess_kind(word, length - name - 1);
			error_set(error, STATUS_USAGE, "%s: no type '%.*s': %s", operand,
				  (int)(length - name - 1), word,
				  meant ? meant : "stream, dgram or seqpacket");
			error_append(error, "%s", meant ? "?" : "");
			return NULL;
		}
	}
	return operand + length + 1;
}

static int contradiction(const char *operand, const char *flag, struct error *error)
{
	return error_set(error, STATUS_USAGE, "%s: contradicts the flag for %s", operand, flag);
}

/*
 * What one family alone writes so contradicts the flag for another, of another domain. `:7` is not
 * that: it is of either IP family, and why should no file be called so?
 */
static int check_flag(const char *operand, const struct family *flagged, struct error *error)
{
	size_t count;
	const struct family *seen = family_recognise(operand, &count);
	if (count == 1 && seen->domain != flagged->domain)
		return contradiction(operand, flagged->name, error);
	return 0;
}

int endpoint_parse(const char *operand, const struct endpoint_flags *flags,
		   struct endpoint_list *list, struct error *error)
{
	const struct family *family = NULL;
	const struct kind *kind = NULL;
	char names[80];
	size_t count;
	if (*operand == '\0')
		return error_set(error, STATUS_USAGE, "'': an endpoint is missing");
	if (strlen(operand) >= ENDPOINT_TEXT)
		return error_set(error, STATUS_USAGE, "%.60s...: longer than any endpoint",
				 operand);
	const char *address = read_prefix(operand, &family, &kind, error);
	if (!address || guess_prefix(operand, family, kind, error) == -1)
		return -1;

	if (family && flags->family && family != flags->family)
		return contradiction(operand, flags->family->name, error);
	if (kind && flags->kind && kind != flags->kind)
		return contradiction(operand, flags->kind->name, error);
	if (!kind)
		kind = flags->kind ? flags->kind : kind_stream;
	if (!family && flags->family) {
		family = flags->family;
		if (check_flag(operand, family, error) == -1)
			return -1;
	}
	if (!family)
		family = family_recognise(operand, &count);
	if (!family && guess_path(operand, error) == -1)
		return -1;
	if (family && !family_has(family, kind))
		return error_set(error, STATUS_USAGE, "%s: %s has no %s sockets", operand,
				 family->name, kind->name);
	if (!family && !hostport_has(kind))
		return error_set(error, STATUS_USAGE, "%s: only %s has %s sockets", operand,
				 family_names(names, sizeof(names), " or ", family_has, kind),
				 kind->name);

	size_t before = list->count;
	int result = family ? family->resolve(address, kind, list, error)
			    : hostport_resolve(address, NULL, kind, list, error);
	if (result == -1)
		list->count = before;
	if (result == -1 && !family)
		guess_after_lookup(operand, error);
	return result;
}

int endpoint_parse_one(char **operands, const struct endpoint_flags *flags,
		       struct endpoint_list *list, const char *command, struct error *error)
{
	char fallback[ENDPOINT_TEXT];
	if (operands[0] && operands[1])
		return guess_operands(operands, command, error);
	if (operands[0])
		return endpoint_parse(operands[0], flags, list, error);
	snprintf(fallback, sizeof(fallback),
		 "%s:", (flags->family ? flags->family : families[0])->name);
	return endpoint_parse(fallback, flags, list, error);
}
