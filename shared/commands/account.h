#ifndef COMMANDS_ACCOUNT_H
#define COMMANDS_ACCOUNT_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

/*
 * A user or a group, LENGTH bytes of TEXT: by number, or by the name that the system has for it
 * (getpwnam(3), getgrnam(3)). The error says what is wrong, not with which option.
 */
int account_user(const char *text, size_t length, uid_t *uid, struct error *error);
int account_group(const char *text, size_t length, gid_t *gid, struct error *error);

#endif
