#include "net/family.h"

#include <stdio.h>
#include <string.h>

/*
 * In this order they are listed, tried and shown; a client without operand goes to the first. One a
 * line, which the formatter would not leave.
 */
/* clang-format off */
const struct family *const families[] = {
	&af_unix,
	&af_inet,
	&af_inet6,
	NULL,
};
/* clang-format on */

const struct family *family_by_name(const char *name, size_t length)
{
	for (const struct family *const *each = families; *each; each++)
		if (strlen((*each)->name) == length && memcmp((*each)->name, name, length) == 0)
			return *each;
	return NULL;
}

const struct family *family_by_domain(int domain)
{
	for (const struct family *const *each = families; *each; each++)
		if ((*each)->domain == domain)
			return *each;
	return NULL;
}

const struct family *family_by_flag(char letter)
{
	for (const struct family *const *each = families; *each; each++)
		if (letter && (*each)->flag == letter)
			return *each;
	return NULL;
}

bool family_has(const struct family *family, const struct kind *kind)
{
	return (family->types & kind->bit) != 0;
}

const struct family *family_recognise(const char *operand, size_t *count)
{
	const struct family *first = NULL;
	*count = 0;
	for (const struct family *const *each = families; *each; each++) {
		if (!(*each)->recognises || !(*each)->recognises(operand))
			continue;
		if ((*count)++ == 0)
			first = *each;
	}
	return first;
}

bool family_any(const struct family *family, const struct kind *kind)
{
	(void)family, (void)kind;
	return true;
}

bool family_claims(const struct family *family, const struct kind *kind)
{
	(void)kind;
	return family->claim != NULL;
}

bool family_identifies(const struct family *family, const struct kind *kind)
{
	(void)kind;
	return family->identify != NULL;
}

char *family_names(char *text, size_t size, const char *last,
		   bool (*which)(const struct family *family, const struct kind *kind),
		   const struct kind *kind)
{
	const struct family *held = NULL; /* back, until it is known whether another one follows */
	text[0] = '\0';
	for (const struct family *const *each = families;; each++) {
		if (*each && !which(*each, kind))
			continue;
		if (held) {
			size_t used = strlen(text);
			const char *before = used == 0 ? "" : *each ? ", " : last;
			snprintf(text + used, size - used, "%s%s", before, held->name);
		}
		held = *each;
		if (!held)
			return text;
	}
}

int family_adjust(const struct family *family, int fd, const struct kind *kind, struct error *error)
{
	return family->adjust ? family->adjust(fd, kind, error) : 0;
}

const char *family_both(void)
{
	for (const struct family *const *each = families; *each; each++)
		if ((*each)->both)
			return (*each)->both;
	return "no family here takes another one's peers";
}

void family_release(const struct family *family, struct claim *claim)
{
	if (claim && family->release)
		family->release(claim);
}

const char *family_hint(const struct family *family, const struct sockaddr *address, int number)
{
	return family->hint ? family->hint(address, number) : NULL;
}

const char *family_answer(const struct family *family, struct msghdr *message,
			  const struct answer_rules *rules, int *hold)
{
	if (family->answer)
		return family->answer(message, rules, hold);
	message->msg_control = NULL;
	message->msg_controllen = 0;
	if (message->msg_namelen <= offsetof(struct sockaddr, sa_data))
		return "it has no address to reply to";
	return NULL;
}
