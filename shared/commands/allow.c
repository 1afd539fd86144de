#include "commands/allow.h"

#include "commands/account.h"
#include "net/family.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int put_user(struct allow *allow, size_t i, const char *text, size_t length,
		    struct error *error)
{
	return account_user(text, length, &allow->uids[i], error);
}

static int put_group(struct allow *allow, size_t i, const char *text, size_t length,
		     struct error *error)
{
	return account_group(text, length, &allow->gids[i], error);
}

/* Puts each of "0,1000,www-data" in its place. */
static int read_list(struct allow *allow, const char *list, const char *option,
		     int (*put)(struct allow *allow, size_t i, const char *text, size_t length,
				struct error *error),
		     size_t *count, struct error *error)
{
	struct error why;
	const char *rest = list;
	for (*count = 0; rest; (*count)++) {
		size_t length = strcspn(rest, ",");
		if (*count == ALLOW_MOST)
			return error_set(error, STATUS_USAGE, "serve: %s: more than %d", option,
					 ALLOW_MOST);
		if (put(allow, *count, rest, length, &why) == -1)
			return error_set(error, why.status, "serve: %s %s: %s", option, list,
					 why.text);
		rest = rest[length] ? rest + length + 1 : NULL;
	}
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
	allow->allowed = (struct allowed){ .uids = allow->uids, .gids = allow->gids };
	*allowed = NULL;
	if (read_list(allow, allow->uid_list, "--allow-uid", put_user, &allow->allowed.uid_count,
		      error) == -1 ||
	    read_list(allow, allow->gid_list, "--allow-gid", put_group, &allow->allowed.gid_count,
		      error) == -1)
		return -1;
	if (!allow->uid_list && !allow->gid_list)
		return 0;
	*allowed = &allow->allowed;
	return check_identity(error);
}
