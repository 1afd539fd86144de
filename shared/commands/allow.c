#include "commands/allow.h"

#include "net/family.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "0,1000,33" into numbers. */
static int read_ids(const char *list, const char *option, unsigned long *ids, size_t *count,
		    struct error *error)
{
	for (*count = 0; list && *list; (*count)++) {
		char *end;
		if (*count == ALLOW_MOST || !strchr("0123456789", *list))
			break;
		errno = 0;
		ids[*count] = strtoul(list, &end, 10);
		if (errno || ids[*count] >= UINT32_MAX || (*end && (*end != ',' || !end[1])))
			break;
		list = *end ? end + 1 : end;
	}
	if (list && *list)
		return error_set(error, STATUS_USAGE,
				 "serve: %s: not a list of at most %d numbers: %s", option,
				 ALLOW_MOST, list);
	return 0;
}

/*
 * Does this system tell the family who a peer is? Two ends of ours show it. Where no pair can be
 * made of such sockets, the family is believed.
 */
static int try_identify(const struct family *family, bool *tells, struct error *error)
{
	struct identity who;
	int pair[2];
	*tells = true;
	if (socketpair(family->domain, SOCK_STREAM, 0, pair) == -1) {
		if (errno == EOPNOTSUPP || errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT)
			return 0;
		return error_system(error, STATUS_SYSTEM, errno, "serve: --allow-uid");
	}
	*tells = family->identify(pair[0], &who) == 0;
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static int check_identity(struct error *error)
{
	for (const struct family *const *each = families; *each; each++) {
		bool tells;
		if (!(*each)->identify)
			continue;
		if (try_identify(*each, &tells, error) == -1)
			return -1;
		if (tells)
			return 0;
	}
	return error_set(
		error, STATUS_USAGE,
		"serve: --allow-uid, --allow-gid: this system does not tell who a peer is");
}

int allow_read(struct allow *allow, const struct allowed **allowed, struct error *error)
{
	unsigned long ids[ALLOW_MOST];
	allow->allowed = (struct allowed){ .uids = allow->uids, .gids = allow->gids };
	*allowed = NULL;
	if (read_ids(allow->uid_list, "--allow-uid", ids, &allow->allowed.uid_count, error) == -1)
		return -1;
	for (size_t i = 0; i < allow->allowed.uid_count; i++)
		allow->uids[i] = (uid_t)ids[i];
	if (read_ids(allow->gid_list, "--allow-gid", ids, &allow->allowed.gid_count, error) == -1)
		return -1;
	for (size_t i = 0; i < allow->allowed.gid_count; i++)
		allow->gids[i] = (gid_t)ids[i];
	if (!allow->uid_list && !allow->gid_list)
		return 0;
	*allowed = &allow->allowed;
	return check_identity(error);
}
