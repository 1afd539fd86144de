#include "af_unix/own_address.h"

#include "af_unix/claim.h"

int own_address_give(int fd, struct claim **claim, struct error *error)
{
	return claim_private(fd, claim, error);
}
