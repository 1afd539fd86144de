#include "af_unix/abstract.h"

#include <string.h>
#include <sys/utsname.h>

/* They are Linux's alone, and no call is needed for them but bind(2): it is enough to run there. */
bool abstract_names(void)
{
	struct utsname system;
	return uname(&system) != -1 && strcmp(system.sysname, "Linux") == 0;
}
