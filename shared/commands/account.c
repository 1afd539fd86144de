#include "commands/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NAME 256

/* What the greatest number is, (uid_t)-1, means nobody; *NUMBER is set where it is one. */
static bool read_number(const char *name, uint32_t *number)
{
	errno = 0;
	unsigned long long value = strtoull(name, NULL, 10);
	*number = (uint32_t)value;
	return errno == 0 && name[strspn(name, "0123456789")] == '\0' && value < UINT32_MAX;
}

static int copy_name(const char *text, size_t length, char name[NAME], const char *what,
		     struct error *error)
{
	if (length == 0 || length >= NAME)
		return error_set(error, STATUS_USAGE, "there is no %s of that name", what);
	memcpy(name, text, length);
	name[length] = '\0';
	return 0;
}

/* NUMBER is errno of a search in vain: some systems say so by an error, POSIX by 0. */
static int not_found(const char *name, int number, const char *what, struct error *error)
{
	if (number == EIO || number == EMFILE || number == ENFILE || number == ENOMEM)
		return error_system(error, STATUS_SYSTEM, number, "%s '%s'", what, name);
	return error_set(error, STATUS_USAGE, "there is no %s '%s' here, and no such number", what,
			 name);
}

int account_user(const char *text, size_t length, uid_t *uid, struct error *error)
{
	char name[NAME];
	uint32_t number;
	if (copy_name(text, length, name, "user", error) == -1)
		return -1;
	if (read_number(name, &number)) {
		*uid = (uid_t)number;
		return 0;
	}
	errno = 0;
	const struct passwd *user = getpwnam(name);
	if (!user)
		return not_found(name, errno, "user", error);
	*uid = user->pw_uid;
	return 0;
}

int account_group(const char *text, size_t length, gid_t *gid, struct error *error)
{
	char name[NAME];
	uint32_t number;
	if (copy_name(text, length, name, "group", error) == -1)
		return -1;
	if (read_number(name, &number)) {
		*gid = (gid_t)number;
		return 0;
	}
	errno = 0;
	const struct group *group = getgrnam(name);
	if (!group)
		return not_found(name, errno, "group", error);
	*gid = group->gr_gid;
	return 0;
}
