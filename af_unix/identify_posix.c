#include "af_unix/identify.h"

/* Nothing like it in POSIX: there an empty record cannot be told from the end. */
int identify_ask(int fd, struct error *error)
{
	(void)fd, (void)error;
	return 0;
}

/* POSIX has no word for the peer's user; access to the path is what keeps strangers out. */
int identify_peer(int fd, struct identity *identity)
{
	(void)fd, (void)identity;
	return -1;
}

const char *identify_reply_path(struct msghdr *message, int *hold)
{
	(void)message, (void)hold;
	return NULL;
}

void identify_sender(struct msghdr *message, const struct endpoint *bound, struct told *told)
{
	(void)message, (void)bound, (void)told;
}
