#ifndef AF_INET6_DEMOS_MEMBERS_ONLY_H
#define AF_INET6_DEMOS_MEMBERS_ONLY_H

#include <stdbool.h>

/*
 * From now on FD gets what is sent to the groups that it has joined itself, and not to those that
 * any socket of this machine has joined. False, with errno, where that cannot be set.
 */
bool demo_members_only(int fd);

#endif
