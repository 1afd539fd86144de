#ifndef SERVER_INTRODUCE_H
#define SERVER_INTRODUCE_H

#include "protocol/conversation.h"
#include "server/service.h"

/* Who the two sides are, for `--reply who` (protocol/who.h). */

/*
 * Of the connection FD at the endpoint AT; MEMORY has what its PROXY header said, if one was asked
 * for. To be freed; NULL: no memory.
 */
char *introduce_connection(const struct service *service, const struct endpoint *at, int fd,
			   const struct conversation_memory *memory);

/* Of a datagram that was received at BOUND, into TEXT, WHO_ROOM bytes. */
void introduce_datagram(const struct service *service, const struct endpoint *bound,
			struct msghdr *header, char *text);

#endif
