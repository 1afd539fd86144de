#include "af_unix/own_address.h"

#include <errno.h>

/* bind(2) with the family alone gives an abstract name that nobody else has: unix(7), autobind. */
int own_address_give(int fd, struct claim **claim, struct error *error)
{
	const sa_family_t family = AF_UNIX;
	(void)claim;
	if (bind(fd, (const struct sockaddr *)&family, sizeof(family)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "autobind");
	return 0;
}
