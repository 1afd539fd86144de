#ifndef AF_UNIX_ABSTRACT_H
#define AF_UNIX_ABSTRACT_H

#include <stdbool.h>

/* Are there names that are no paths, and begin with a NUL byte (unix(7))? */
bool abstract_names(void);

#endif
