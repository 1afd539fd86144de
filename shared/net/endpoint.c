#include "net/endpoint.h"

#include "net/family.h"
#include "net/hostport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
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
			error_set(error, STATUS_USAGE,
				  "%s: no type '%.*s': stream, dgram or seqpacket", operand,
				  (int)(length - name - 1), operand + name + 1);
			return NULL;
		}
	}
	return operand + length + 1;
}

/* The first family that OPERAND is written for, and by how many it could be taken. */
static const struct family *recognise(const char *operand, size_t *count)
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

static int contradiction(const char *operand, const char *flag, struct error *error)
{
	return error_set(error, STATUS_USAGE, "%s: contradicts the flag for %s", operand, flag);
}

/*
 * What one family alone writes so contradicts the flag for another. `:7` is not that: it is of
 * either IP family, and why should no file be called so?
 */
static int check_flag(const char *operand, const struct family *flagged, struct error *error)
{
	size_t count;
	const struct family *seen = recognise(operand, &count);
	if (count == 1 && seen != flagged)
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
	if (!address)
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
		family = recognise(operand, &count);
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
	return result;
}

int endpoint_parse_one(char **operands, const struct endpoint_flags *flags,
		       struct endpoint_list *list, const char *command, struct error *error)
{
	char fallback[ENDPOINT_TEXT];
	if (operands[0] && operands[1])
		return error_set(error, STATUS_USAGE, "%s: one endpoint, not more: %s", command,
				 operands[1]);
	if (operands[0])
		return endpoint_parse(operands[0], flags, list, error);
	snprintf(fallback, sizeof(fallback),
		 "%s:", (flags->family ? flags->family : families[0])->name);
	return endpoint_parse(fallback, flags, list, error);
}

char *endpoint_format(const struct endpoint *endpoint, char text[ENDPOINT_TEXT])
{
	int used = snprintf(text, ENDPOINT_TEXT, "%s+%s:", endpoint->family->name,
			    endpoint->kind->name);
	endpoint->family->format((const struct sockaddr *)&endpoint->address, endpoint->length,
				 text + used);
	return text;
}

int endpoint_from_address(const struct sockaddr *address, socklen_t length,
			  const struct family *like, const struct kind *kind,
			  struct endpoint *endpoint)
{
	bool has_domain = length >= offsetof(struct sockaddr, sa_data);
	if (length > sizeof(endpoint->address))
		length = sizeof(endpoint->address);
	*endpoint = (struct endpoint){ .family = like, .kind = kind, .length = length };
	if (has_domain && (!like || like->domain != address->sa_family))
		endpoint->family = family_by_domain(address->sa_family);
	if (!endpoint->family)
		return -1;
	memcpy(&endpoint->address, address, length);
	if (has_domain && endpoint->family->unmap)
		endpoint->family->unmap(endpoint);
	return 0;
}

int endpoint_of_socket(int fd, struct endpoint *endpoint, struct error *error)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof(address);
	int socktype;
	socklen_t size = sizeof(socktype);
	if (getsockname(fd, (struct sockaddr *)&address, &length) == -1 ||
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &socktype, &size) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "descriptor %d", fd);
	const struct kind *kind = kind_by_socktype(socktype);
	if (!kind ||
	    endpoint_from_address((struct sockaddr *)&address, length, NULL, kind, endpoint) == -1)
		return error_set(error, STATUS_USAGE,
				 "descriptor %d: a socket, but of no family and type known here",
				 fd);
	return 0;
}

int endpoint_list_add(struct endpoint_list *list, const struct endpoint *endpoint,
		      struct error *error)
{
	struct endpoint *items = realloc(list->items, (list->count + 1) * sizeof(*items));
	if (!items)
		return error_system(error, STATUS_SYSTEM, errno, "endpoints");
	list->items = items;
	list->items[list->count++] = *endpoint;
	return 0;
}

void endpoint_list_free(struct endpoint_list *list)
{
	free(list->items);
	*list = (struct endpoint_list){ 0 };
}
