#include "net/guess.h"

#include "base/nearest.h"
#include "net/endpoint_list.h"
#include "net/family.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What an operand seems to mean. */
struct guess {
	const struct family *family; /* NULL: the address tells, or nothing */
	const struct kind *kind;     /* NULL: any */
};

static bool is_port(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static bool starts_as_url(const char *address)
{
	return strncmp(address, "//", 2) == 0;
}

static const struct kind *kind_by_bit(unsigned bit)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (kinds[i].bit == bit)
			return &kinds[i];
	return NULL;
}

static bool is_word(const char *word, size_t length, const char *name)
{
	return strlen(name) == length && strncasecmp(word, name, length) == 0;
}

/* Is it what others call a family, or one's own name in capitals? */
static bool find_alias(const char *word, size_t length, struct guess *guess)
{
	for (const struct family *const *each = families; *each; each++) {
		const struct alias *alias = (*each)->aliases;
		guess->family = *each;
		if (is_word(word, length, (*each)->name))
			return true;
		for (; alias && alias->name; alias++) {
			if (!is_word(word, length, alias->name))
				continue;
			guess->kind = kind_by_bit(alias->type);
			return true;
		}
	}
	guess->family = NULL;
	return false;
}

static bool find_near(const char *word, size_t length, struct guess *guess)
{
	struct nearest nearest;
	nearest_begin(&nearest, word, length);
	for (const struct family *const *each = families; *each; each++)
		nearest_try(&nearest, (*each)->name);
	if (nearest.best && length > 2)
		guess->family = family_by_name(nearest.best, strlen(nearest.best));
	return guess->family != NULL;
}

/* WORD stands before a colon, ADDRESS after it: the one is no family, the other tells which. */
static bool find_meaning(const char *word, size_t length, const char *address, struct guess *guess)
{
	size_t name = strcspn(word, "+:");
	if (name < length) { /* no host has a plus in its name */
		guess->kind = kind_by_name(word + name + 1, length - name - 1);
		const struct kind *kind = guess->kind;
		if (!find_alias(word, name, guess))
			find_near(word, name, guess);
		if (kind)
			guess->kind = kind;
		return true;
	}
	if (find_alias(word, length, guess))
		return true;
	guess->kind = kind_by_name(word, length);
	if (guess->kind)
		return true;
	/* a host may be called so: followed by a port alone, it is one */
	if (!is_port(address) && find_near(word, length, guess))
		return true;
	return starts_as_url(address);
}

/* Writes ADDRESS without what makes a URL of it: after a host, any path is left out. */
static void write_address(const struct guess *guess, const char *address, char *text, size_t room)
{
	size_t count;
	bool url = starts_as_url(address);
	if (url)
		address += 2;
	bool path = strchr("/.@", *address) ||
		    (guess->family && guess->family == family_recognise("./", &count));
	size_t length = url && !path ? strcspn(address, "/") : strlen(address);
	snprintf(text, room, "%s%.*s", is_port(address) ? ":" : "", (int)length, address);
}

/* Writes the endpoint that is meant; nothing where only a person knows. */
static void write_endpoint(const struct guess *guess, const char *address, char text[ENDPOINT_TEXT])
{
	char meant[ENDPOINT_TEXT];
	size_t count = 0;
	write_address(guess, address, meant, sizeof(meant));
	/* `tcp:[::1]:7`, `unix:127.0.0.1:7`: what the address says counts more */
	const struct family *family = family_recognise(meant, &count);
	if (count != 1)
		family = guess->family ? guess->family : family;
	const char *name = family ? family->name : "";
	const struct kind *kind = guess->kind;
	if (family && kind && !family_has(family, kind))
		text[0] = '\0';
	else if (!family)
		snprintf(text, ENDPOINT_TEXT, "%s%s%s%.440s", kind ? "-t " : "",
			 kind ? kind->name : "", kind ? " " : "", meant);
	else
		snprintf(text, ENDPOINT_TEXT, "%s%s%s:%.440s", name,
			 kind && kind != kind_stream ? "+" : "",
			 kind && kind != kind_stream ? kind->name : "", meant);
}

int guess_prefix(const char *operand, const struct family *family, const struct kind *kind,
		 struct error *error)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+_-";
	size_t length = strspn(operand, letters);
	struct guess guess = { .family = family };
	char meant[ENDPOINT_TEXT], names[80];
	if (operand[length] != ':' || length == 0)
		return 0;
	const char *address = operand + length + 1;
	if (family && (kind || !starts_as_url(address)))
		return 0;
	if (!family && !find_meaning(operand, length, address, &guess))
		return 0;
	write_endpoint(&guess, address, meant);
	if (*meant == '\0')
		family_names(meant, sizeof(meant), " or ", family_any, NULL);
	if (family || starts_as_url(address))
		return error_set(error, STATUS_USAGE, "%s: an endpoint is no URL: %s?", operand,
				 meant);
	return error_set(error, STATUS_USAGE, "%s: no family '%.*s' (%s): %s?", operand,
			 (int)strcspn(operand, "+:"), operand,
			 family_names(names, sizeof(names), ", ", family_any, NULL), meant);
}

/* As what the operand would be taken with "./" before it; false: as nothing else. */
static bool make_path(const char *operand, char path[ENDPOINT_TEXT + 2])
{
	size_t count;
	snprintf(path, ENDPOINT_TEXT + 2, "./%s", operand);
	return family_recognise(path, &count) && count == 1;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), wanted = strlen(end);
	return length > wanted && strcmp(text + length - wanted, end) == 0;
}

int guess_path(const char *operand, struct error *error)
{
	char path[ENDPOINT_TEXT + 2];
	struct stat found;
	bool named = ends_with(operand, ".sock") || ends_with(operand, ".socket");
	if (!named && (stat(operand, &found) == -1 || !S_ISSOCK(found.st_mode)))
		return 0;
	return make_path(operand, path)
		       ? error_set(error, STATUS_USAGE, "%s: a path needs ./: %s?", operand, path)
		       : 0;
}

void guess_after_lookup(const char *operand, struct error *error)
{
	char path[ENDPOINT_TEXT + 2];
	if (error->status != STATUS_NO_HOST && error->status != STATUS_TRY_AGAIN)
		return;
	if (!strchr(operand, ':') && make_path(operand, path))
		error_append(error, " (it was taken for a host's name; a path needs ./: %s)", path);
}

const char *guess_family(const char *word, size_t length)
{
	struct guess guess = { .family = NULL };
	bool found = find_alias(word, length, &guess) || find_near(word, length, &guess);
	return found ? guess.family->name : NULL;
}

const char *guess_kind(const char *word, size_t length)
{
	static const struct alias others[] = {
		{ "tcp", KIND_STREAM },
		{ "udp", KIND_DGRAM },
		{ "datagram", KIND_DGRAM },
		{ "packet", KIND_SEQPACKET },
	};
	struct nearest nearest;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (is_word(word, length, others[i].name))
			return kind_by_bit(others[i].type)->name;
	nearest_begin(&nearest, word, length);
	for (size_t i = 0; i < KIND_COUNT; i++)
		nearest_try(&nearest, kinds[i].name);
	return nearest.best;
}

int guess_operands(char **operands, const char *command, struct error *error)
{
	error_set(error, STATUS_USAGE, "%s: one endpoint, not more: %s", command, operands[1]);
	if (is_port(operands[1]) && !strchr(operands[0], ':') && !strchr(operands[0], '/'))
		error_append(error, " (%s:%s?)", operands[0], operands[1]);
	return -1;
}
