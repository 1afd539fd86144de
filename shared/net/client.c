#include "net/client.h"

#include "net/sock.h"

#include <unistd.h>

int client_open(struct client *client, const struct endpoint_list *list,
		const struct client_options *options, struct error *error)
{
	for (size_t i = 0; i < list->count; i++) {
		client->endpoint = list->items[i];
		client->fd = sock_connect(&client->endpoint, options->congestion, options->timeout,
					  &client->claim, error);
		if (client->fd != -1)
			return 0;
	}
	if (list->count > 1)
		error_append(error, " (the last of %zu addresses)", list->count);
	return -1;
}

void client_close(struct client *client)
{
	if (client->claim)
		client->endpoint.family->release(client->claim);
	close(client->fd);
}
