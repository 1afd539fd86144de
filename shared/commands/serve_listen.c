#include "commands/serve_listen.h"

#include "commands/activation.h"

#include <errno.h>
#include <stdio.h>

/* What is asked of connections cannot be asked of datagrams. */
static int check_kinds(struct serve_listening *listening, const struct endpoint_list *list,
		       struct error *error)
{
	char text[ENDPOINT_TEXT];
	for (size_t i = 0; listening->proxy && i < list->count; i++)
		if (!list->items[i].kind->connected)
			return error_set(
				error, STATUS_USAGE,
				"%s: --proxy-protocol is for connections, and datagrams have none",
				endpoint_format(&list->items[i], text));
	for (size_t i = 0; i < list->count; i++) {
		const struct kind *kind = list->items[i].kind;
		listening->fitting |= misbehave_plan_fitting(kind->connected, kind->records);
	}
	return shared_secret_check(&listening->secret, list, error);
}

/* A fault that can befall nothing that is served is a mistake; one that befalls some of it is not. */
static int check_faults(const struct serve_listening *listening, struct error *error)
{
	unsigned left = listening->misbehave.faults & ~listening->fitting;
	if (!left)
		return 0;
	error_set(error, STATUS_USAGE, "serve: --misbehave %s: it can befall",
		  fault_name(fault_first(left)));
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (misbehave_plan_fitting(kinds[i].connected, kinds[i].records) &
		    FAULT_BIT(fault_first(left)))
			error_append(error, " %s", kinds[i].name);
	error_append(error, ", and no endpoint is of such a type (-t TYPE chooses one)");
	return -1;
}

static int listen_all(struct server *server, const struct endpoint_list *list,
		      struct endpoint_list *bound, struct error *error)
{
	for (size_t i = 0; i < list->count; i++) {
		struct endpoint endpoint = list->items[i];
		if (server_listen(server, &endpoint, error) == -1 ||
		    endpoint_list_add(bound, &endpoint, error) == -1)
			return -1;
	}
	return 0;
}

/*
 * Nothing was asked for by name: a family that this system does not have is told of and left out.
 */
static int listen_defaults(struct server *server, struct serve_listening *listening,
			   struct endpoint_list *bound, struct error *error)
{
	const struct endpoint_flags *flags = &listening->flags;
	const struct kind *kind = flags->kind ? flags->kind : kind_stream;
	size_t count = 0, left_out = 0;
	for (const struct family *const *each = families; *each; each++) {
		struct endpoint_list list = { 0 };
		if ((flags->family && *each != flags->family) || !family_has(*each, kind))
			continue;
		int result = (*each)->resolve("", kind, &list, error);
		if (result == 0)
			result = check_kinds(listening, &list, error);
		if (result == 0)
			result = listen_all(server, &list, bound, error);
		endpoint_list_free(&list);
		if (result == 0) {
			count++;
			continue;
		}
		if (flags->family ||
		    (error->number != EADDRNOTAVAIL && error->number != EAFNOSUPPORT))
			return -1;
		fprintf(stderr, "sockfam: %s: left out\n", error->text);
		left_out++;
	}
	if (count > 0)
		return 0;
	if (flags->family)
		return error_set(error, STATUS_USAGE, "serve: %s has no %s sockets",
				 flags->family->name, kind->name);
	if (left_out == 0)
		return error_set(error, STATUS_USAGE, "serve: no family has %s sockets",
				 kind->name);
	return -1;
}

/* --both asks of one family to serve another's peers, and of that other one nothing. */
static int check_both(const struct serve_listening *listening, const struct endpoint_list *list,
		      struct error *error)
{
	char text[ENDPOINT_TEXT];
	for (size_t i = 0; listening->both && i < list->count; i++)
		if (list->items[i].family->under_both)
			return error_set(error, STATUS_USAGE, "%s: contradicts --both: %s",
					 endpoint_format(&list->items[i], text), family_both());
	return 0;
}

static int listen_operands(struct server *server, struct serve_listening *listening,
			   char **operands, struct endpoint_list *bound, struct error *error)
{
	struct endpoint_list list = { 0 };
	int result = 0;
	for (; *operands && result == 0; operands++)
		result = endpoint_parse(*operands, &listening->flags, &list, error);
	if (result == 0)
		result = check_both(listening, &list, error);
	if (result == 0)
		result = check_kinds(listening, &list, error);
	if (result == 0)
		result = listen_all(server, &list, bound, error);
	endpoint_list_free(&list);
	return result;
}

static int adopt(struct server *server, int fd, struct serve_listening *listening,
		 struct endpoint_list *bound, struct error *error)
{
	struct endpoint endpoint;
	struct endpoint_list list = { .items = &endpoint, .count = 1 };
	bool listens;
	if (server_adopt(server, fd, &endpoint, &listens, error) == -1 ||
	    check_kinds(listening, &list, error) == -1)
		return -1;
	return listens ? endpoint_list_add(bound, &endpoint, error) : 0;
}

static int listen_to_all(struct server *server, struct serve_listening *listening, char **operands,
			 struct endpoint_list *bound, struct error *error)
{
	if (listening->inetd) {
		int fd = activation_inetd(error);
		return fd == -1 ? -1 : adopt(server, fd, listening, bound, error);
	}
	for (int i = 0; i < listening->passed; i++) {
		if (adopt(server, ACTIVATION_FIRST + i, listening, bound, error) == -1)
			return -1;
	}
	if (*operands)
		return listen_operands(server, listening, operands, bound, error);
	return listening->passed > 0 ? 0 : listen_defaults(server, listening, bound, error);
}

int serve_listen(struct server *server, struct serve_listening *listening, char **operands,
		 struct endpoint_list *bound, struct error *error)
{
	if (listen_to_all(server, listening, operands, bound, error) == -1)
		return -1;
	return check_faults(listening, error);
}
